"""Whether TileJSON, tile matrix sets and tilesets of a server match the published schemas and definitions.

schemas.py OGC_FOLDER BASE_URL prints {"checked": how many documents, "faults": [text, …]}.
"""

import json
import math
import pathlib
import sys
import urllib.request

from jsonschema import Draft4Validator, Draft201909Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT201909

folder, base = pathlib.Path(sys.argv[1]), sys.argv[2]
faults, checked = [], 0


def load(name):
    return json.loads((folder / name).read_text())


def get(path):
    with urllib.request.urlopen(base + path) as answer:
        return json.load(answer)


# The schemas refer to each other by file name. Names are joined for well-known schemes only; nothing is fetched.
ROOT = "https://schemas.invalid/tms/"
names = [f.name for f in (folder / "tms").glob("*.json")]
registry = Registry().with_resources(
    [(f"{ROOT}{name}", Resource.from_contents(load(f"tms/{name}"), default_specification=DRAFT201909)) for name in names]
)


def check(what, validator, document):
    global checked
    checked += 1
    faults.extend(f"{what}: {e.json_path}: {e.message[:200]}" for e in validator.iter_errors(document))


def of_tms(name):
    return Draft201909Validator({"$ref": f"{ROOT}{name}"}, registry=registry)


for layers in ("grid", "grid,beat,piece,incident", "resident_density,address", "staff,fault"):
    check(f"TileJSON of {layers}", Draft4Validator(load("tilejson-3.0.0.schema.json")), get(f"/tiles/{layers}.json"))

for summary in get("/api/tileMatrixSets")["tileMatrixSets"]:
    name = summary["id"]
    ours, theirs = get(f"/api/tileMatrixSets/{name}"), load(f"tms/{name}.json")
    check(name, of_tms("tileMatrixSet.json"), ours)
    for key in ("id", "uri", "crs", "orderedAxes", "wellKnownScaleSet"):
        if ours[key] != theirs[key]:
            faults.append(f"{name}: {key} is {ours[key]}, not {theirs[key]}")
    for mine, other in zip(ours["tileMatrices"], theirs["tileMatrices"]):
        for key in ("scaleDenominator", "cellSize"):
            if not math.isclose(mine[key], other[key], rel_tol=1e-9):
                faults.append(f"{name} {mine['id']}: {key} is {mine[key]}, not {other[key]}")
        for key in ("id", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"):
            if mine[key] != other[key]:
                faults.append(f"{name} {mine['id']}: {key} is {mine[key]}, not {other[key]}")
        if not all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(mine["pointOfOrigin"], other["pointOfOrigin"])):
            faults.append(f"{name} {mine['id']}: the corner is {mine['pointOfOrigin']}")

collections = [f"/api/collections/{c['id']}" for c in get("/api/collections")["collections"]]
for of in ["/api", *collections]:
    for summary in get(f"{of}/tiles")["tilesets"]:
        check(f"{of}, in the list", of_tms("tileSet.json"), summary)
        name = summary["tileMatrixSetURI"].rsplit("/", 1)[1]
        check(f"{of}, {name}", of_tms("tileSet.json"), get(f"{of}/tiles/{name}"))

print(json.dumps({"checked": checked, "faults": faults}))
