"""What GDAL and Arrow make of an exported layer.

usage: exported.py FILE
prints {"rows", "fields", "type", "crs", "valid", "bounds", "fids", "codes"}; of Parquet also "geo": problems with its
metadata (GeoParquet 1.1), "covered": whether every box is that of its geometry. A folder is read as one table,
partitioned as Hive does it.
"""

import json
import os
import sys

import shapely

path = sys.argv[1]


def parquet():
    import pyarrow.dataset
    import pyarrow.parquet

    problems = []
    if os.path.isdir(path):
        table = pyarrow.dataset.dataset(path, format="parquet", partitioning="hive").to_table()
        some = [os.path.join(d, f) for d, _, fs in os.walk(path) for f in fs][0]
        metadata = pyarrow.parquet.read_schema(some).metadata
    else:
        table = pyarrow.parquet.read_table(path)
        metadata = table.schema.metadata
    table = table.sort_by("fid") if "fid" in table.column_names else table
    told = {
        "rows": table.num_rows,
        "fields": [n for n in table.column_names if n not in ("geometry", "bbox")],
        "types": {n: str(t) for n, t in zip(table.column_names, table.schema.types)},
        "fids": table["fid"].to_pylist() if "fid" in table.column_names else None,
        "codes": table["code"].to_pylist() if "code" in table.column_names else None,
    }
    # A layer with a column of that name has the city's number under another.
    region = "gridbeat_region" if "gridbeat_region" in table.column_names else "region"
    if region in table.column_names:
        told["regions"] = sorted(set(table[region].to_pylist()))
    if "geometry" not in table.column_names:
        if b"geo" in (metadata or {}):
            problems.append("geo metadata without a geometry")
        return told | {"geo": problems}
    geo = json.loads(metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    if geo["version"] != "1.1.0":
        problems.append(f"version {geo['version']}")
    if geo["primary_column"] != "geometry" or column["encoding"] != "WKB":
        problems.append("primary column or encoding")
    # The column of boxes is called so unless the layer has a column of that name.
    box = column["covering"]["bbox"]["xmin"][0]
    told["fields"] = [n for n in table.column_names if n not in ("geometry", box)]
    if column["covering"] != {"bbox": {s: [box, s] for s in ("xmin", "ymin", "xmax", "ymax")}}:
        problems.append(f"covering {column['covering']}")
    from pyproj import CRS

    crs = CRS.from_json_dict(column["crs"])
    geometries = [None if w is None else shapely.from_wkb(w) for w in table["geometry"].to_pylist()]
    there = [g for g in geometries if g is not None]
    kinds = sorted({g.geom_type for g in there})
    if kinds and kinds != column["geometry_types"]:
        problems.append(f"geometry types {kinds}, said {column['geometry_types']}")
    bounds = list(shapely.total_bounds(there)) if there else None
    if os.path.isfile(path) and there and bounds != column["bbox"]:
        problems.append(f"bbox {bounds}, said {column['bbox']}")
    boxes = table[box].to_pylist()
    covered = all(
        (g is None and b is None) or (g is not None and tuple(b[s] for s in ("xmin", "ymin", "xmax", "ymax")) == g.bounds)
        for g, b in zip(geometries, boxes)
    )
    return told | {
        "type": kinds[0] if kinds else None, "crs": crs.to_authority()[1], "bounds": bounds, "with_geometry": len(there),
        "valid": all(g.is_valid for g in there), "geo": problems, "covered": covered,
    }


def gdal():
    import pyogrio

    info = pyogrio.read_info(path, force_feature_count=True)
    meta, ids, wkb, columns = pyogrio.raw.read(path, return_fids=True)
    geometries = [] if wkb is None else [g for g in shapely.from_wkb(wkb) if g is not None and not g.is_empty]
    named = dict(zip(meta["fields"], columns))
    fids = named["fid"] if "fid" in named else ids
    return {
        "rows": info["features"],
        "fields": list(meta["fields"]),
        "type": info["geometry_type"],
        "crs": info["crs"],
        "with_geometry": len(geometries),
        "valid": all(g.is_valid for g in geometries),
        "bounds": list(shapely.total_bounds(geometries)) if geometries else None,
        "fids": sorted(int(f) for f in fids),
        "codes": [str(c) for c in named["code"]] if "code" in named else None,
    }


print(json.dumps(parquet() if path.endswith(".parquet") or os.path.isdir(path) else gdal()))
