"""How far the areas of one layer lie from another drawing of the same areas, in the middle.

usage: shift.py STORE TABLE FILE CODE_COLUMN
prints: {"codes": n, "east_m": median, "north_m": median, "worst_m": largest}
of the shift from FILE to STORE, measured between centroids of areas that both have and that have the same
size within 3 % (coastal areas are drawn differently by different offices).
"""

import json
import sys

import numpy as np

from geometry import read, to_metres

store, table, path, column = sys.argv[1:]
ours, theirs = read(store, "code", table), read(path, column)
latitude = np.mean([g.centroid.y for g in theirs.values()])
shifts = []
for code in sorted(ours.keys() & theirs.keys()):
    a, b = to_metres(ours[code], latitude), to_metres(theirs[code], latitude)
    if abs(a.area / b.area - 1) < 0.03:
        shifts.append((a.centroid.x - b.centroid.x, a.centroid.y - b.centroid.y))
east, north = np.median(shifts, axis=0)
worst = float(np.hypot(*np.array(shifts).T).max())
print(json.dumps({"codes": len(shifts), "east_m": float(east), "north_m": float(north), "worst_m": worst}))
