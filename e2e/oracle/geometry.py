"""What the oracle scripts share: reading a layer with GDAL, and distances in metres."""

import numpy as np
import pyogrio
import shapely

# Metres in one degree of latitude; of longitude, times the cosine of the latitude. Good to 0.5 % over a
# city, and used only for distances of a few metres to a few hundred.
METRES_PER_DEGREE = 111_195.0


def code_text(value):
    """A code as text: 35.0 and "35" are the same code."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def read(path, code, layer=None):
    """{code: all geometries of that code as one} of a layer, coordinates as they stand in the file."""
    if str(path).endswith(".zip"):
        path = f"/vsizip/{path}"
    meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer, columns=[code])
    by_code = {}
    for geometry, value in zip(shapely.from_wkb(wkb), columns[list(meta["fields"]).index(code)]):
        if geometry is not None:
            by_code.setdefault(code_text(value), []).append(geometry)
    return {c: shapely.GeometryCollection(g) if len(g) > 1 else g[0] for c, g in by_code.items()}


def to_metres(geometry, latitude):
    """Degrees to metres around a latitude."""
    scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(latitude)), METRES_PER_DEGREE])
    return shapely.transform(geometry, lambda xy: xy * scale)


def outline(geometry):
    """All boundaries of a geometry, collections included."""
    return shapely.union_all([shapely.boundary(part) for part in shapely.get_parts(geometry)])


def farthest(a, b):
    """The farthest that a vertex of `a` lies from the outline of `b`."""
    vertices = shapely.points(shapely.get_coordinates(a))
    lines = outline(b)
    shapely.prepare(lines)
    return float(shapely.distance(vertices, lines).max())
