"""What real clients of OGC API – Features make of a server: GDAL's OAPIF driver, OWSLib, and the validator of
OpenAPI documents.

usage: clients.py BASE
prints {"gdal": …, "owslib": …, "openapi": …}; the test knows what should stand there. GDAL talks through a relay
that remembers the requests, so that it can be told what was asked of the server and what GDAL did by itself.
"""

import http.server
import json
import multiprocessing
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import numpy
import pyogrio
import pyproj
import shapely
from openapi_spec_validator import validate
from owslib.ogcapi.features import Features

base = sys.argv[1]
# GDAL holds the interpreter while it waits for an answer, so the relay is a process of its own.
asked = multiprocessing.Manager().list()


class Relay(http.server.BaseHTTPRequestHandler):
    """Passes on to the server, whose links lead back here."""

    def do_GET(self):
        asked.append(self.path)
        here = f"http://{self.headers['Host']}"
        headers = {"Accept": self.headers.get("Accept", "*/*")}
        try:
            with urllib.request.urlopen(urllib.request.Request(base + self.path, headers=headers)) as answer:
                status, head, body = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            status, head, body = error.code, error.headers, error.read()
        body = body.replace(base.encode(), here.encode())
        self.send_response(status)
        for name in ("Content-Type", "Content-Crs"):
            if name in head:
                self.send_header(name, head[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def relay(port):
    """Serves until it is ended; tells its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    port.send(server.server_port)
    server.serve_forever()


def queries(since):
    """The parameters of the requests for items since then."""
    split = [urllib.parse.urlsplit(path) for path in asked[since:]]
    return [dict(urllib.parse.parse_qsl(s.query)) for s in split if s.path.endswith("/items")]


def through_gdal():
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=relay, args=(there,), daemon=True)
    process.start()
    source = f"OAPIF:http://127.0.0.1:{here.recv()}/api"

    def read(layer, **options):
        since = len(asked)
        meta, fids, wkb, columns = pyogrio.raw.read(source, layer=layer, return_fids=True, **options)
        rows = dict(zip(meta["fields"], columns))
        points = [[p.x, p.y] if p.geom_type == "Point" else None for p in shapely.from_wkb(wkb) if p is not None]
        codes = [str(c) for c in rows["code"]]
        return {"codes": codes, "points": points, "crs": meta["crs"], "queries": queries(since)}

    told = {
        "layers": sorted(str(name) for name, _ in pyogrio.list_layers(source)),
        "fields": [str(f) for f in pyogrio.read_info(source, layer="incidents")["fields"]],
        "all": read("addresses"),
        # As `ogr2ogr -spat` and `-where` have it.
        "box": read("addresses", bbox=(120.300, 31.500, 120.310, 31.510)),
        "where": read("incidents", where="state = 'closed'"),
        "number": read("addresses", where="residents > 1"),
        "time": read("incidents", where="reported_at >= '2026/06/02 00:00:00+00'"),
        "either": read("incidents", where="risk = 'red' OR title LIKE '%停%' OR state = 'closed'"),
        "boolean": read("staff", where="on_duty = 1"),
        "day": read("incidents", where="reported_at >= '2026/06/03'"),
        "any_case": read("staff", where="code ILIKE 'g%'"),
        "mercator": read("addresses", CRS="EPSG:3857"),
        "degrees": read("addresses", CRS="EPSG:4326"),
        "pages": read("addresses", PAGE_SIZE="2"),
    }
    to = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    told["mercator_by_proj"] = [list(to.transform(x, y)) for x, y in told["degrees"]["points"]]
    meta, fids, wkb, columns = pyogrio.raw.read(f"{base}/api/collections/beats/items?f=fgb&level=beat")
    told["flatgeobuf"] = {
        "fields": [str(f) for f in meta["fields"]],
        "codes": sorted(str(c) for c in columns[list(meta["fields"]).index("code")]),
        "valid": bool(numpy.all(shapely.is_valid(shapely.from_wkb(wkb)))),
        "crs": meta["crs"],
    }
    with tempfile.NamedTemporaryFile(suffix=".geojsons") as file:
        file.write(urllib.request.urlopen(f"{base}/api/collections/addresses/items?f=geojsonseq").read())
        file.flush()
        meta, fids, wkb, columns = pyogrio.raw.read(file.name)
    told["sequence"] = {"rows": len(wkb), "fields": [str(f) for f in meta["fields"]]}
    process.terminate()
    return told


def through_owslib():
    client = Features(f"{base}/api")
    incident = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [120.3005, 31.5005]},
        "properties": {"category": "noise", "code": "OWS"},
    }
    told = {
        "conforms": len(client.conformance()["conformsTo"]),
        "collections": sorted(client.feature_collections()),
        "title": client.collection("grids")["title"],
        "queryables": sorted(client.collection_queryables("incidents")["properties"]),
        "box": client.collection_items("addresses", bbox=[120.300, 31.500, 120.310, 31.510])["numberMatched"],
        "filter": client.collection_items("incidents", filter="state = 'closed'")["numberMatched"],
        "sorted": [
            f["properties"]["code"] for f in client.collection_items("addresses", sortby=("code", "desc"))["features"]
        ],
        "time": client.collection_items("incidents", datetime_="2026-06-02T00:00:00Z/..")["numberMatched"],
        "created": bool(client.collection_item_create("incidents", incident)),
    }
    made = client.collection_items("incidents", code="OWS")["features"]
    told["read"] = client.collection_item("incidents", str(made[0]["id"]))["properties"]["category"]
    return told


def openapi():
    with urllib.request.urlopen(f"{base}/api/openapi.json") as answer:
        document = json.load(answer)
    validate(document)
    return {"version": document["openapi"], "paths": len(document["paths"])}


print(json.dumps({"gdal": through_gdal(), "owslib": through_owslib(), "openapi": openapi()}))
