"""What is wrong with a pyramid of tiles: MBTiles decoded by mapbox_vector_tile, ground judged by GEOS.

pyramid.py FILE.mbtiles prints, for each zoom, by layer:
  {"tiles": how many hold it, "features": all of them, "ids": its codes (or piece names), sorted, "collapsed": those
   drawn as a point, "repeated": those that stand in more than one tile as a point,
   "count": incidents, clusters counted by their number, "residents", "addresses": sums of a density layer}
and for layers of ground besides:
  {"coverage": whether the ground of all tiles of the zoom, each cropped to its own square, makes one valid coverage,
   "invalid": how many polygons are invalid as they stand in a tile, "turned": how many run the wrong way,
   "holes": enclosed ground that nobody has, "area": square tile widths, "complaint": what GEOS says}

All tiles of a zoom are put side by side on its own lattice of 4096 units a tile, so one coverage answers for every
tile and for all neighbours joined: a part of a valid coverage is valid.
"""

import gzip
import json
import sqlite3
import sys
from collections import Counter

import mapbox_vector_tile
import numpy as np
import shapely

from pinched import pinched

EXTENT = 4096
GROUND = ("grid", "beat", "piece")


def rings_of(geometry):
    """The polygons of a decoded geometry: lists of rings."""
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def turned(polygons):
    """Rings that run against MVT 2.1, 4.3.3.3: exteriors of positive area in tile coordinates, holes of negative."""
    wrong = 0
    for rings in polygons:
        for i, ring in enumerate(rings):
            xy = np.array(ring, float)
            area = np.sum(xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1])
            wrong += (area > 0) != (i == 0)
    return int(wrong)


def cropped(polygon, tile):
    """What lies in the tile's own square; its vertices on the square's sides are those that it has there."""
    if tile.contains_properly(polygon):
        return [polygon]
    parts = shapely.get_parts(shapely.intersection(polygon, tile))
    return [p for p in parts if p.geom_type == "Polygon"]


def new():
    return {"tiles": 0, "features": 0, "ids": [], "points": [], "count": 0, "residents": 0, "addresses": 0,
            "polygons": [], "invalid": 0, "turned": 0}


def take(seen, layer, features, column, row):
    seen["tiles"] += 1
    seen["features"] += len(features)
    square = shapely.box(0, 0, EXTENT, EXTENT)
    for feature in features:
        properties, geometry = feature["properties"], feature["geometry"]
        name = properties.get("piece") if layer == "piece" else properties.get("code")
        if name is not None:
            seen["ids"].append(name)
        if layer == "incident":
            seen["count"] += properties.get("count", 1)
        if layer == "resident_density":
            seen["residents"] += properties["residents"]
            seen["addresses"] += properties["addresses"]
        if geometry["type"] == "Point":
            x, y = geometry["coordinates"]
            if not (0 <= x < EXTENT and 0 <= y < EXTENT):
                raise ValueError(f"a point of {layer} at {x}, {y} lies outside of its tile")
            seen["points"].append(name)
            continue
        if layer not in GROUND:
            continue
        polygons = rings_of(geometry)
        seen["turned"] += turned(polygons)
        drawn = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
        whole = shapely.MultiPolygon(drawn)
        if not whole.is_valid:
            seen["invalid"] += 1
            continue
        for polygon in drawn:
            inner = cropped(polygon, square)
            seen["polygons"] += [shapely.transform(p, lambda xy: xy + [column * EXTENT, row * EXTENT]) for p in inner]


def judged(layer, seen):
    points = [p for p in seen.pop("points") if p is not None]
    polygons = np.array(seen.pop("polygons"), dtype=object)
    seen["ids"] = sorted(set(seen["ids"]))
    seen["repeated"] = sorted(p for p, n in Counter(points).items() if n > 1)
    seen["collapsed"] = sorted(set(points)) if layer in GROUND else []
    if layer not in GROUND:
        return {k: v for k, v in seen.items() if k not in ("invalid", "turned")}
    coverage = bool(shapely.coverage_is_valid(polygons)) or bool(shapely.coverage_is_valid(pinched(polygons)))
    complaint = ""
    if not coverage:
        edges = shapely.coverage_invalid_edges(polygons)
        bad = np.flatnonzero(~shapely.is_empty(edges))[:5]
        complaint = "; ".join(shapely.to_wkt(edges[i])[:200] for i in bad)
    union = shapely.coverage_union_all(polygons) if coverage and len(polygons) else shapely.MultiPolygon()
    seen["holes"] = int(sum(len(p.interiors) for p in shapely.get_parts(union)))
    seen["area"] = float(shapely.area(polygons).sum()) / EXTENT**2
    return {**seen, "coverage": coverage, "complaint": complaint}


def main(path):
    file = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    zooms = {}
    query = "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"
    for zoom, column, row, data in file.execute(query):
        tile = mapbox_vector_tile.decode(gzip.decompress(data), default_options={"y_coord_down": True})
        if not tile:
            raise ValueError(f"tile {zoom}/{column}/{row} is empty")
        for layer, content in tile.items():
            if content["extent"] != EXTENT or content["version"] != 2:
                raise ValueError(f"{layer} of {zoom}/{column}/{row}: {content['extent']}, {content['version']}")
            seen = zooms.setdefault(zoom, {}).setdefault(layer, new())
            # Rows of MBTiles count from the south.
            take(seen, layer, content["features"], column, (1 << zoom) - 1 - row)
    print(json.dumps({z: {layer: judged(layer, s) for layer, s in layers.items()} for z, layers in zooms.items()}))


main(sys.argv[1])
