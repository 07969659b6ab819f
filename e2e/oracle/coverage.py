"""What GEOS says of a layer of a GeoPackage as a coverage.

usage: coverage.py STORE TABLE
prints: {"areas": n, "coverage": bool, "invalid": n, "area": square degrees, "shapes": {code: WKB in hex}}
"""

import json
import sys

import shapely

from geometry import read

store, table = sys.argv[1:]
areas = read(store, "code", table)
shapes = list(areas.values())
print(
    json.dumps(
        {
            "areas": len(shapes),
            "coverage": bool(shapely.coverage_is_valid(shapes)),
            "invalid": int((~shapely.is_valid(shapes)).sum()),
            "area": float(sum(s.area for s in shapes)),
            "shapes": {code: shapely.to_wkb(s, hex=True) for code, s in areas.items()},
        }
    )
)
