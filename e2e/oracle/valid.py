"""Whether GEOS takes layers for valid coverages.

Standard input is JSON: layers, each a list of areas, each a list of polygons without holes, each a ring of
[x, y] that is not closed. The argument is the width up to which a gap counts. Prints "valid" or "invalid" for
each layer.
"""

import json
import sys

import shapely

for layer in json.load(sys.stdin):
    areas = [shapely.MultiPolygon([shapely.Polygon(ring) for ring in area]) for area in layer]
    valid = shapely.coverage_is_valid(areas, gap_width=float(sys.argv[1]))
    print("valid" if valid else "invalid")
