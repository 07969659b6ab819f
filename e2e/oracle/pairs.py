"""Areas of intersections of rounded drawings, by GEOS, geodesic.

usage: pairs.py GRIDS_FILE GRID_CODE BEATS_FILE BEAT_CODE GRID~BEAT…
prints: {"GRID~BEAT": square metres of the intersection, both drawings rounded to 1e-7 degree}
"""

import json
import sys

import numpy as np
import pyproj
import shapely

from geometry import read

grids_file, grid_code, beats_file, beat_code, *pairs = sys.argv[1:]
grids, beats = read(grids_file, grid_code), read(beats_file, beat_code)
ellipsoid = pyproj.Geod(ellps="WGS84")


def on_lattice(geometry):
    """The geometry in whole units of 1e-7 degree."""
    rounded = shapely.transform(geometry, lambda xy: np.round(xy * 1e7))
    return shapely.union_all([shapely.make_valid(part) for part in shapely.get_parts(rounded)])


def measure(a, b):
    common = shapely.get_parts(shapely.intersection(on_lattice(a), on_lattice(b)))
    degrees = [shapely.transform(part, lambda xy: xy / 1e7) for part in common if part.geom_type == "Polygon"]
    return sum(abs(ellipsoid.geometry_area_perimeter(part)[0]) for part in degrees)


print(json.dumps({pair: measure(*(layer[code] for layer, code in zip((grids, beats), pair.split("~")))) for pair in pairs}))
