-- What other programs changed since it was last taken in. Gridbeat's own writes take back what they
-- count here in the same transaction, and imports go around the triggers, so whatever stands here came from
-- outside. Counts of residents are kept by Gridbeat and not looked at.

CREATE TABLE gridbeat_outside (
  layer TEXT NOT NULL PRIMARY KEY,
  edits INTEGER NOT NULL
) WITHOUT ROWID;

-- grids

CREATE TRIGGER grids_outside_insert AFTER INSERT ON grids
BEGIN
  INSERT INTO gridbeat_outside VALUES ('grid', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER grids_outside_update AFTER UPDATE ON grids
BEGIN
  INSERT INTO gridbeat_outside VALUES ('grid', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER grids_outside_delete AFTER DELETE ON grids
BEGIN
  INSERT INTO gridbeat_outside VALUES ('grid', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

-- beats

CREATE TRIGGER beats_outside_insert AFTER INSERT ON beats
BEGIN
  INSERT INTO gridbeat_outside VALUES ('beat', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER beats_outside_update AFTER UPDATE ON beats
BEGIN
  INSERT INTO gridbeat_outside VALUES ('beat', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER beats_outside_delete AFTER DELETE ON beats
BEGIN
  INSERT INTO gridbeat_outside VALUES ('beat', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

-- addresses

CREATE TRIGGER addresses_outside_insert AFTER INSERT ON addresses
BEGIN
  INSERT INTO gridbeat_outside VALUES ('address', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER addresses_outside_update AFTER UPDATE OF fid, region, code, text, dwellings, organisations, geom ON addresses
BEGIN
  INSERT INTO gridbeat_outside VALUES ('address', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER addresses_outside_delete AFTER DELETE ON addresses
BEGIN
  INSERT INTO gridbeat_outside VALUES ('address', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

-- residents

CREATE TRIGGER residents_outside_insert AFTER INSERT ON residents
BEGIN
  INSERT INTO gridbeat_outside VALUES ('resident', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER residents_outside_update AFTER UPDATE ON residents
BEGIN
  INSERT INTO gridbeat_outside VALUES ('resident', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER residents_outside_delete AFTER DELETE ON residents
BEGIN
  INSERT INTO gridbeat_outside VALUES ('resident', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

-- incidents

CREATE TRIGGER incidents_outside_insert AFTER INSERT ON incidents
BEGIN
  INSERT INTO gridbeat_outside VALUES ('incident', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER incidents_outside_update AFTER UPDATE ON incidents
BEGIN
  INSERT INTO gridbeat_outside VALUES ('incident', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER incidents_outside_delete AFTER DELETE ON incidents
BEGIN
  INSERT INTO gridbeat_outside VALUES ('incident', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

-- staff

CREATE TRIGGER staff_outside_insert AFTER INSERT ON staff
BEGIN
  INSERT INTO gridbeat_outside VALUES ('staff', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER staff_outside_update AFTER UPDATE ON staff
BEGIN
  INSERT INTO gridbeat_outside VALUES ('staff', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;

CREATE TRIGGER staff_outside_delete AFTER DELETE ON staff
BEGIN
  INSERT INTO gridbeat_outside VALUES ('staff', 1) ON CONFLICT (layer) DO UPDATE SET edits = edits + 1;
END;
