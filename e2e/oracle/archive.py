"""What GDAL reads in an archive of tiles (drivers PMTiles, MBTiles and, below both, MVT).

archive.py FILE ZOOM prints {layer: {"features": n, "invalid": n, "ids": [code or piece, …]}}.
"""

import json
import sys

import pyogrio
import shapely

path, zoom = sys.argv[1:]
out = {}
for layer, _ in pyogrio.list_layers(path):
    meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer, ZOOM_LEVEL=zoom)
    fields = list(meta["fields"])
    name = next((f for f in ("piece" if layer == "piece" else "code",) if f in fields), None)
    shapes = shapely.from_wkb(wkb)
    out[layer] = {
        "features": len(shapes),
        "invalid": int((~shapely.is_valid(shapes)).sum()),
        "ids": sorted({v for v in columns[fields.index(name)] if v}) if name else [],
    }
print(json.dumps(out))
