"""What GDAL makes of a store.

usage: gdal.py STORE W S E N
prints, for each layer: {"type", "crs", "rows", "valid", "invalid_reasons", "in_box", "in_box_by_hand", "extent",
"extent_by_hand"}, and "rtree": tables with the R-tree extension, "errors": integrity problems.
"""

import json
import sqlite3
import sys

import pyogrio
import shapely

store, box = sys.argv[1], tuple(map(float, sys.argv[2:6]))
layers = {}
for name, kind in pyogrio.list_layers(store):
    info = pyogrio.read_info(store, layer=name, force_feature_count=True, force_total_bounds=True)
    meta, _, wkb, _ = pyogrio.raw.read(store, layer=name)
    told = {"type": kind, "crs": info["crs"], "rows": info["features"], "fields": list(meta["fields"])}
    if kind is not None:
        geometries = [g for g in shapely.from_wkb(wkb) if g is not None]
        _, _, inside, _ = pyogrio.raw.read(store, layer=name, bbox=box)
        told |= {
            "valid": sum(g.is_valid for g in geometries),
            "with_geometry": len(geometries),
            "invalid_reasons": [shapely.is_valid_reason(g) for g in geometries if not g.is_valid][:5],
            "in_box": len(inside),
            "in_box_by_hand": sum(shapely.box(*box).intersects(shapely.box(*g.bounds)) for g in geometries),
            "extent": list(info["total_bounds"]) if geometries else None,
            "extent_by_hand": list(shapely.total_bounds(geometries)) if geometries else None,
        }
    layers[name] = told

database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
rtree = [t for (t,) in database.execute(
    "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index' ORDER BY 1")]
errors = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
errors += [f"foreign key: {row}" for row in database.execute("PRAGMA foreign_key_check")]
application, version = database.execute("PRAGMA application_id").fetchone()[0], database.execute("PRAGMA user_version").fetchone()[0]
print(json.dumps({
    "layers": layers, "rtree": rtree, "errors": errors,
    "application_id": application.to_bytes(4, "big").decode(), "user_version": version,
}))
