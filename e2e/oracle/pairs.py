"""Area and outline of intersections, by GEOS, geodesic.

usage: pairs.py GRIDS_FILE GRID_CODE BEATS_FILE BEAT_CODE GRID~BEAT…
prints: {"GRID~BEAT": [square metres, metres of outline], …}
"""

import json
import sys

import pyproj
import shapely

from geometry import read

grids_file, grid_code, beats_file, beat_code, *pairs = sys.argv[1:]
grids, beats = read(grids_file, grid_code), read(beats_file, beat_code)
ellipsoid = pyproj.Geod(ellps="WGS84")


def measure(a, b):
    area = outline = 0.0
    for x in shapely.get_parts(a):
        for y in shapely.get_parts(b):
            for part in shapely.get_parts(shapely.intersection(x, y)):
                if part.geom_type == "Polygon":
                    size, length = ellipsoid.geometry_area_perimeter(part)
                    area, outline = area + abs(size), outline + length
    return area, outline


print(json.dumps({pair: measure(*(layer[code] for layer, code in zip((grids, beats), pair.split("~")))) for pair in pairs}))
