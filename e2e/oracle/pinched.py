"""The same ground with rings that pinch themselves instead of holes that touch.

GEOS's coverage validator (3.14, as JTS's) looks at one corner of one ring at a time. Where a hole touches its
exterior, or another hole, in a vertex v, it takes all that is not inside the hole for the polygon's inside; a
third area that has v too then counts as lying in it, though none does:

    ┌─────╲   ╱        the area around the hole ◁, whose tip touches the exterior in v; the area to the
    │   ◁──v─          right, which meets it in v only, is called invalid
    └─────╱   ╲

Led through v twice, one ring has two corners there that say exactly what is inside, and the validator sees
right. No edge changes. (As OGC has it such a ring is invalid, so that is judged on the polygons as they are.)
"""

from functools import cmp_to_key

import shapely


def half(v, p):
    """0 for directions from v in [0°, 180°), 1 for the others."""
    dx, dy = p[0] - v[0], p[1] - v[1]
    return 0 if dy > 0 or (dy == 0 and dx > 0) else 1


def around(v):
    """Orders points by their direction from v, counter-clockwise."""

    def compare(p, q):
        if half(v, p) != half(v, q):
            return half(v, p) - half(v, q)
        turn = (p[0] - v[0]) * (q[1] - v[1]) - (p[1] - v[1]) * (q[0] - v[0])
        return -1 if turn > 0 else 1 if turn < 0 else 0

    return cmp_to_key(compare)


def signed(ring):
    x0, y0 = ring[0]
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in zip(ring, ring[1:] + ring[:1]))


def vertices_of(ring):
    """Each once, though drawings may repeat one on the spot."""
    vertices = [tuple(c) for c in shapely.get_coordinates(ring).tolist()]
    return [a for a, b in zip(vertices, vertices[1:]) if a != b]


def polygon(given):
    """One polygon, led through its touching vertices; its inside to the left."""
    given = shapely.orient_polygons(given, exterior_cw=False)
    rings = [vertices_of(r) for r in (given.exterior, *given.interiors)]
    vertices = [v for ring in rings for v in ring]
    if len(set(vertices)) == len(vertices):
        return given
    out, into = {}, {}
    for ring in rings:
        for a, b in zip(ring, ring[1:] + ring[:1]):
            out.setdefault(a, []).append(b)
            into.setdefault(b, []).append(a)
    turn = {}
    for v, arriving in into.items():
        spokes = sorted(arriving + out[v], key=around(v))
        for a in arriving:
            # The inside lies left of a → v: the next spoke clockwise from it ends the corner.
            turn[a, v] = spokes[spokes.index(a) - 1]
    walks = []
    while turn:
        (a, b), c = next(iter(turn.items()))
        walk = []
        while (a, b) in turn:
            walk.append(b)
            a, b = b, turn.pop((a, b))
        walks.append(walk)
    walks.sort(key=signed, reverse=True)
    return shapely.Polygon(walks[0], walks[1:])


def pinched(areas):
    """Every area so."""
    return [shapely.MultiPolygon([polygon(p) for p in shapely.get_parts(area)]) for area in areas]
