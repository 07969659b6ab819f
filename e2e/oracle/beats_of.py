"""Where GEOS puts points, row by row, beside where `gridbeat locate` put them.

usage: beats_of.py BEATS_FILE CODE_COLUMN LOCATED_CSV LON LAT
LOCATED_CSV: the output of `gridbeat locate`, with a column `beat`; LON, LAT: its columns.
prints: {"rows", "inside": {"ours", "geos"}, "different": rows whose beat is not one that GEOS names,
"farthest_m": the farthest that such a row lies from a boundary}
"""

import csv
import json
import sys

import numpy as np
import shapely

from geometry import read, to_metres

beats_file, code, located, lon, lat = sys.argv[1:]
beats = read(beats_file, code)
codes = list(beats)
areas = np.array([beats[c] for c in codes], dtype=object)
parts, owner = shapely.get_parts(areas, return_index=True)
with open(located, newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
points = shapely.points([float(r[lon]) for r in rows], [float(r[lat]) for r in rows])

answers = [set() for _ in rows]
for row, part in zip(*shapely.STRtree(parts).query(points, "intersects")):
    answers[row].add(codes[owner[part]])
different = [i for i, r in enumerate(rows) if r["beat"] not in (answers[i] or {""})]

middle = float(np.mean([p.y for p in points[:1000]]))
lines = shapely.STRtree([to_metres(shapely.boundary(p), middle) for p in parts])
far = 0.0
if different:
    _, distances = lines.query_nearest([to_metres(points[i], middle) for i in different], return_distance=True)
    far = float(distances.max())
print(json.dumps({
    "rows": len(rows),
    "inside": {"ours": sum(r["beat"] != "" for r in rows), "geos": sum(bool(a) for a in answers)},
    "different": len(different),
    "farthest_m": far,
}))
