"""The Gauss-Krüger zones of CGCS2000 (EPSG:4491 to 4554) as a server has them, against PROJ.

usage: zones.py BASE
prints {"zones": …, "worst_m": …, "worst_degrees": …, "in_box": …, "in_filter": …}: in each zone an incident is
reported in the zone's own coordinates, read back in them, and looked for by a box and by a filter in them.
"""

import json
import sys
import urllib.parse
import urllib.request

import pyproj

base = sys.argv[1]
items = f"{base}/api/collections/incidents/items"
told = {"zones": 0, "worst_m": 0.0, "worst_degrees": 0.0, "in_box": 0, "in_filter": 0}


def ask(path, body=None, **headers):
    """JSON of an answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(path, data=data, headers=headers)) as answer:
        return json.load(answer)


def found(query, fid):
    """Whether an incident is among those that are asked for."""
    page = ask(f"{items}?{urllib.parse.urlencode(query)}")
    return [f["id"] for f in page["features"]] == [fid]


offered = ask(f"{base}/api/collections/incidents")["crs"]
for code in range(4491, 4555):
    uri = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
    assert uri in offered, uri
    zone = pyproj.CRS.from_epsg(code)
    # The authority's order: northing first.
    assert [axis.direction for axis in zone.axis_info] == ["north", "east"], code
    degrees = pyproj.Transformer.from_crs(4490, zone)
    west, _, east, _ = zone.area_of_use.bounds
    # Aside of the central meridian, each zone on a parallel of its own.
    lat, lon = 18.5 + (code - 4491) / 2, west + (east - west) * 0.8
    north, easting = degrees.transform(lat, lon)
    body = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [north, easting]},
        "properties": {"category": "noise"},
    }
    made = ask(items, body, Content_Type="application/geo+json", Content_Crs=f"<{uri}>")
    x, y = made["geometry"]["coordinates"]
    told["worst_degrees"] = max(told["worst_degrees"], abs(x - lon), abs(y - lat))
    read = ask(f"{items}/{made['id']}?{urllib.parse.urlencode({'crs': uri})}")["geometry"]["coordinates"]
    by_proj = degrees.transform(y, x)
    told["worst_m"] = max(told["worst_m"], *(abs(a - b) for a, b in zip(read, by_proj)))
    low, high = [v - 20 for v in by_proj], [v + 20 for v in by_proj]
    box = ",".join(f"{v:.4f}" for v in low + high)
    told["in_box"] += found({"bbox": box, "bbox-crs": uri}, made["id"])
    ring = [(low[0], low[1]), (low[0], high[1]), (high[0], high[1]), (high[0], low[1]), (low[0], low[1])]
    ground = ", ".join(f"{a:.4f} {b:.4f}" for a, b in ring)
    told["in_filter"] += found({"filter": f"S_WITHIN(geometry, POLYGON(({ground})))", "filter-crs": uri}, made["id"])
    told["zones"] += 1

print(json.dumps(told))
