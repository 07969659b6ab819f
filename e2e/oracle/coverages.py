"""A process that judges coverages with GEOS, as often as it is asked, until its standard input ends.

A question is one line of JSON, {"ask": NAME, "lengths": [[c, r, p, a], …], "width": w}, and behind it, for each entry of
"lengths", the arrays of some areas in little-endian order: c float64 (x, y, x, y, …), and uint32 offsets: r of
rings into vertices, p of polygons into rings, a of areas into polygons.

An answer is one line of JSON: {"ok": …} or {"error": text}. The first line comes unasked.
  coverages      [{"coverage", "touching", "invalid", "against_rfc7946", "sum", "union", "complaint"}, …], one for each
  faces          [{"union", "overlaps", "gaps"}, …], one for each: areas that may claim the same ground;
                 what is on average narrower than w is not counted
  intersections  [[[i, j, area], …], …], one for each two: the areas of the first that meet those of the second
"""

import json
import sys
import traceback

WANTED = "shapely 2.2 over GEOS 3.14"


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


try:
    import numpy as np
    import shapely

    from pinched import pinched
except ImportError as missing:
    say({"error": f"{sys.executable}: {missing}; wanted {WANTED}"})
    sys.exit(0)

found = f"shapely {shapely.__version__} over GEOS {shapely.geos_version_string}"
if tuple(map(int, shapely.__version__.split(".")[:2])) < (2, 2) or shapely.geos_version < (3, 14, 0):
    say({"error": f"{sys.executable} has {found}; wanted {WANTED} or newer"})
    sys.exit(0)


def array(kind, length):
    kind = np.dtype(kind)
    bytes_ = sys.stdin.buffer.read(kind.itemsize * length)
    if len(bytes_) < kind.itemsize * length:
        raise EOFError("the question ends in the middle")
    return np.frombuffer(bytes_, kind)


def arrays(lengths):
    return [array("<f8", lengths[0]), *(array("<u4", n) for n in lengths[1:])]


def ground(coordinates, *offsets):
    """The areas as shapely multipolygons."""
    offsets = tuple(o.astype(np.int64) for o in offsets)
    return shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, coordinates.reshape(-1, 2), offsets)


def against_rfc7946(areas):
    """How many rings run the wrong way."""
    rings, polygon = shapely.get_rings(shapely.get_parts(areas), return_index=True)
    # The first ring of each polygon is its exterior.
    exterior = np.append(True, polygon[1:] != polygon[:-1]) if len(rings) else np.zeros(0, bool)
    return int((shapely.is_ccw(rings) != exterior).sum())


def complaint(areas, valid):
    """What a person needs to see of what is wrong."""
    said = [f"area {i}: {shapely.is_valid_reason(areas[i])}" for i in np.flatnonzero(~valid)[:3]]
    edges = shapely.coverage_invalid_edges(areas)
    for i in np.flatnonzero(~shapely.is_empty(edges))[:3]:
        said.append(f"area {i}: invalid edges {shapely.to_wkt(edges[i], rounding_precision=9)[:300]}")
    return "; ".join(said)


def judge(areas):
    present = areas[~shapely.is_empty(areas)]
    valid = shapely.is_valid(present)
    coverage = bool(shapely.coverage_is_valid(present))
    touching = False
    if not coverage and valid.all():
        touching = coverage = bool(shapely.coverage_is_valid(pinched(present)))
    good = coverage and bool(valid.all())
    return {
        "coverage": coverage,
        "touching": touching,
        "invalid": int((~valid).sum()),
        "against_rfc7946": against_rfc7946(present),
        "sum": float(shapely.area(present).sum()),
        "union": float(shapely.area(shapely.coverage_union_all(present))) if good else 0.0,
        "complaint": "" if good else complaint(areas, shapely.is_valid(areas)),
    }


def intersections(first, second):
    i, j = shapely.STRtree(second).query(first, "intersects")
    common = shapely.area(shapely.intersection(first[i], second[j]))
    return [[int(a), int(b), float(c)] for a, b, c in zip(i, j, common) if c > 0]


def faces(areas, width):
    """What several drawings make of the ground together, overlaps and gaps as connected ground."""
    present = areas[~shapely.is_empty(areas)]
    if len(present) == 0:
        return {"union": 0.0, "overlaps": 0, "gaps": 0}
    lines = shapely.node(shapely.union_all(shapely.boundary(present)))
    cells = shapely.get_parts(shapely.polygonize([lines]))
    inside, area = shapely.STRtree(present).query(shapely.point_on_surface(cells), "intersects")
    claims = {}
    for cell in range(len(cells)):
        claims.setdefault(tuple(sorted(area[inside == cell])), []).append(cells[cell])
    parts = {who: shapely.get_parts(shapely.union_all(ground)) for who, ground in claims.items()}
    wide = {who: sum(2 * p.area >= width * p.length for p in parts) for who, parts in parts.items()}
    return {
        "union": float(sum(c.area for who, ground in claims.items() if who for c in ground)),
        "overlaps": sum(n for who, n in wide.items() if len(who) > 1),
        "gaps": wide.get((), 0),
    }


def answer(question):
    # All is read before anything is made of it, so that an error leaves the stream in order.
    sent = [arrays(lengths) for lengths in question["lengths"]]
    grounds = [ground(*one) for one in sent]
    match question["ask"]:
        case "coverages":
            return [judge(areas) for areas in grounds]
        case "faces":
            return [faces(areas, question["width"]) for areas in grounds]
        case "intersections":
            return [intersections(*two) for two in zip(grounds[::2], grounds[1::2])]
        case other:
            raise ValueError(f"{other!r} is no question")


say({"ok": found})
for line in sys.stdin.buffer:
    try:
        say({"ok": answer(json.loads(line))})
    except Exception:
        say({"error": traceback.format_exc()})
