"""Changes a GeoPackage behind everybody's back, without the functions that its triggers call.

usage: sql.py STORE STATEMENT
prints {"rows": changed}
"""

import json
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1])
for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
    database.create_function(name, 1, lambda geom: None, deterministic=True)
database.create_function("ST_IsEmpty", 1, lambda geom: 1, deterministic=True)
rows = database.execute(sys.argv[2]).rowcount
database.commit()
database.close()
print(json.dumps({"rows": rows}))
