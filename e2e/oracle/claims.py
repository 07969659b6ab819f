"""Pairs of two layers of which one may claim ground twice, by GEOS, geodesic.

usage: claims.py GRIDS_FILE GRID_CODE BEATS_FILE BEAT_CODE [PROJECTED_CRS]
CODE `#`: the row's number (a file of bare WKT has no other). Ground that several areas of a layer claim counts
for the one whose code comes first by code point, which is Gridbeat's rule.
prints: {"pairs": {"GRID~BEAT": {"ruled", "raw", "outline"}}, "disputed": [of grids, of beats], "projected": {…}}
  ruled: square metres by the rule; raw: of the two drawings as they stand; outline: metres around the ruled ground
  disputed: square metres of each layer that are claimed more than once
  projected, with a PROJECTED_CRS: {"pairs": raw intersections over 1 m² there, "km2": their sum}
"""

import json
import sys

import numpy as np
import pyproj
import shapely

import geometry

grids_file, grid_code, beats_file, beat_code, *projected_crs = sys.argv[1:]
ellipsoid = pyproj.Geod(ellps="WGS84")


def read(path, code):
    if path.endswith(".wkt"):
        members = shapely.get_parts(shapely.from_wkt(open(path, encoding="utf-8").read()))
        areas = {str(i + 1): g for i, g in enumerate(members)}
    else:
        areas = geometry.read(path, code)
    return {c: shapely.make_valid(shapely.union_all(shapely.get_parts(g))) for c, g in sorted(areas.items())}


def polygons(g):
    return [p for p in shapely.get_parts(shapely.make_valid(g)) if p.geom_type in ("Polygon", "MultiPolygon")]


def measure(g):
    area = length = 0.0
    for part in polygons(g):
        size, around = ellipsoid.geometry_area_perimeter(part)
        area, length = area + abs(size), length + around
    return area, length


def ruled(areas):
    """Each area without what areas before it claim, and how much that is in all."""
    codes = list(areas)
    tree = shapely.STRtree(list(areas.values()))
    taken = {c: [] for c in codes}
    for i, j in tree.query(list(areas.values()), "intersects").T:
        if j < i:
            taken[codes[i]].append(areas[codes[j]])
    left = {c: shapely.difference(areas[c], shapely.union_all(taken[c])) if taken[c] else areas[c] for c in codes}
    disputed = shapely.union_all([g for c in codes for g in [shapely.intersection(areas[c], shapely.union_all(taken[c]))] if taken[c]])
    return left, measure(disputed)[0]


def meeting(first, second, least=0.0):
    a, b = list(first), list(second)
    ga, gb = np.array([first[c] for c in a], dtype=object), np.array([second[c] for c in b], dtype=object)
    i, j = shapely.STRtree(gb).query(ga, "intersects")
    for x, y, common in zip(i, j, shapely.intersection(ga[i], gb[j])):
        if common.area > least:
            yield f"{a[x]}~{b[y]}", common


grids, beats = read(grids_file, grid_code), read(beats_file, beat_code)
(grids_ruled, grids_disputed), (beats_ruled, beats_disputed) = ruled(grids), ruled(beats)
pairs = {name: {"ruled": 0.0, "raw": measure(g)[0], "outline": 0.0} for name, g in meeting(grids, beats)}
for name, g in meeting(grids_ruled, beats_ruled):
    pair = pairs.setdefault(name, {"raw": 0.0})
    pair["ruled"], pair["outline"] = measure(g)
answer = {"pairs": pairs, "disputed": [grids_disputed, beats_disputed], "projected": None}
if projected_crs:
    forward = pyproj.Transformer.from_crs("EPSG:4326", projected_crs[0], always_xy=True)
    flat = [
        {c: shapely.transform(g, lambda xy: np.column_stack(forward.transform(xy[:, 0], xy[:, 1]))) for c, g in layer.items()}
        for layer in (grids, beats)
    ]
    areas = [g.area for _, g in meeting(*flat, least=1.0)]
    answer["projected"] = {"pairs": len(areas), "km2": sum(areas) / 1e6}
print(json.dumps(answer))
