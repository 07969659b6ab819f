"""Which areas of a layer touch, by GEOS: along how many metres, 0 for a point.

usage: neighbours.py FILE CODE
prints: {"rows": number of touching pairs of rows as they stand in the file,
         "pairs": [[code, code, metres], …]} with the rows of one code taken together, smaller code first
"""

import json
import sys

import numpy as np
import pyogrio
import pyproj
import shapely

from geometry import read

path, code = sys.argv[1:]
ellipsoid = pyproj.Geod(ellps="WGS84")


def touching(areas):
    """Pairs of numbers i < j of areas that share a position."""
    i, j = shapely.STRtree(areas).query(areas, predicate="intersects")
    return i[i < j], j[i < j]


def metres(border):
    return sum(ellipsoid.geometry_length(part) for part in shapely.get_parts(border) if part.geom_type == "LineString")


layer = read(path, code)
codes = np.array(sorted(layer))
areas = np.array([shapely.union_all(shapely.get_parts(layer[c])) for c in codes])
i, j = touching(areas)
borders = [shapely.line_merge(shapely.intersection(areas[a], areas[b])) for a, b in zip(i, j)]
rows = shapely.from_wkb(pyogrio.raw.read(path, columns=[])[2])
print(json.dumps({
    "rows": len(touching(rows)[0]),
    "pairs": [[codes[a], codes[b], metres(border)] for a, b, border in zip(i, j, borders)],
}))
