"""The peer: GEOS by shapely, timed from the inside so that neither start nor transport count.

Reads one coverage from standard input: three little-endian uint32 (areas, rings, vertices; every area one
polygon or more), then uint32 offsets of areas into polygons, of polygons into rings, of rings into vertices, each
with one more at the end, then the vertices as float64 pairs. Then answers lines: `valid` and `clean METRES` (in
units of the coordinates) run once, and print the milliseconds and a number that says what came out.
"""

import sys
import time

import numpy as np
import shapely


def read(kind, count):
    kind = np.dtype(kind)
    return np.frombuffer(sys.stdin.buffer.read(kind.itemsize * count), kind)


areas, polygons, rings, vertices = (int(n) for n in read("<u4", 4))
of_areas = read("<u4", areas + 1).astype(np.int64)
of_polygons = read("<u4", polygons + 1).astype(np.int64)
of_rings = read("<u4", rings + 1).astype(np.int64)
coordinates = read("<f8", 2 * vertices).reshape(-1, 2)
coverage = shapely.from_ragged_array(
    shapely.GeometryType.MULTIPOLYGON, coordinates, (of_rings, of_polygons, of_areas)
)
print(f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}", flush=True)

while line := sys.stdin.buffer.readline().decode().split():
    start = time.perf_counter()
    if line[0] == "valid":
        result = int(shapely.coverage_is_valid(coverage))
    else:
        snap = float(line[1])
        cleaned = shapely.coverage_clean(coverage, snapping_distance=snap, gap_width=snap)
        result = None
    took = (time.perf_counter() - start) * 1e3
    if result is None:
        result = int(shapely.coverage_is_valid(cleaned))
    print(f"{took} {result}", flush=True)
