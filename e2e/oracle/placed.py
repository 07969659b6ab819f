"""How far the areas in a store lie from where PROJ puts the areas of a file.

usage: placed.py STORE TABLE FILE CODE_COLUMN CRS [GEOGRAPHIC]
CRS: EPSG:n as the file's coordinates are to be read; GEOGRAPHIC: what they become (EPSG:4326).
prints: {"codes": n, "missing": [...], "extra": [...], "worst_m": metres, "worst_code": code}
"""

import json
import sys

import numpy as np
import pyproj
import shapely

from geometry import farthest, read, to_metres

store, table, path, column, crs = sys.argv[1:6]
geographic = sys.argv[6] if len(sys.argv) > 6 else "EPSG:4326"
to_lonlat = pyproj.Transformer.from_crs(crs, geographic, always_xy=True)
ours = read(store, "code", table)
theirs = {
    code: shapely.transform(g, lambda xy: np.column_stack(to_lonlat.transform(xy[:, 0], xy[:, 1])))
    for code, g in read(path, column).items()
}
latitude = np.mean([g.centroid.y for g in theirs.values()])
worst = (0.0, None)
for code in ours.keys() & theirs.keys():
    a, b = to_metres(ours[code], latitude), to_metres(theirs[code], latitude)
    worst = max(worst, (max(farthest(a, b), farthest(b, a)), code), key=lambda w: w[0])
print(json.dumps({
    "codes": len(ours),
    "missing": sorted(theirs.keys() - ours.keys()),
    "extra": sorted(ours.keys() - theirs.keys()),
    "worst_m": worst[0],
    "worst_code": worst[1],
}))
