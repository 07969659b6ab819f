-- The layers, one table each.
--
-- fid is region * 2^32 + sequence. Every key carries the region, and no key crosses one, so that the
-- same rows can live in tables that are partitioned by region. Coordinates are degrees that are whole
-- multiples of 1e-7.
--
-- A row that another program (QGIS, ogr2ogr) inserts gets the region that its fid says.
--
-- Beside each layer stands its R-tree (extension gpkg_rtree_index) with the triggers that the
-- GeoPackage standard prescribes to keep it true.

-- grids

CREATE TABLE grids (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  region INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL,
  name TEXT,
  level TEXT,
  parent TEXT,
  kind TEXT,
  geom MULTIPOLYGON,
  CONSTRAINT grids_region_code UNIQUE (region, code)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
  VALUES ('grids', 'features', 'grids', 'Community grids and the areas above them', 4490);
INSERT INTO gpkg_geometry_columns VALUES ('grids', 'geom', 'MULTIPOLYGON', 4490, 0, 0);
INSERT INTO gpkg_extensions VALUES
  ('grids', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE TRIGGER grids_region AFTER INSERT ON grids WHEN NEW.region IS NOT (NEW.fid >> 32)
BEGIN
  UPDATE grids SET region = NEW.fid >> 32 WHERE fid = NEW.fid;
END;

CREATE VIRTUAL TABLE rtree_grids_geom USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_grids_geom_insert AFTER INSERT ON grids
  WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_grids_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_grids_geom_update6 AFTER UPDATE OF geom ON grids
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom NOT NULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN
  UPDATE rtree_grids_geom SET
    minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom)
    WHERE id = NEW.fid;
END;

CREATE TRIGGER rtree_grids_geom_update7 AFTER UPDATE OF geom ON grids
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom IS NULL OR ST_IsEmpty(OLD.geom))
BEGIN
  INSERT INTO rtree_grids_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_grids_geom_update2 AFTER UPDATE OF geom ON grids
  WHEN OLD.fid = NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_grids_geom WHERE id = OLD.fid;
END;

CREATE TRIGGER rtree_grids_geom_update5 AFTER UPDATE ON grids
  WHEN OLD.fid != NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_grids_geom WHERE id = OLD.fid;
  INSERT OR REPLACE INTO rtree_grids_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_grids_geom_update4 AFTER UPDATE ON grids
  WHEN OLD.fid != NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_grids_geom WHERE id IN (OLD.fid, NEW.fid);
END;

CREATE TRIGGER rtree_grids_geom_delete AFTER DELETE ON grids WHEN OLD.geom NOT NULL
BEGIN
  DELETE FROM rtree_grids_geom WHERE id = OLD.fid;
END;

-- beats

CREATE TABLE beats (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  region INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL,
  name TEXT,
  level TEXT,
  parent TEXT,
  kind TEXT,
  geom MULTIPOLYGON,
  CONSTRAINT beats_region_code UNIQUE (region, code)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
  VALUES ('beats', 'features', 'beats', 'Police beats and the areas above them', 4490);
INSERT INTO gpkg_geometry_columns VALUES ('beats', 'geom', 'MULTIPOLYGON', 4490, 0, 0);
INSERT INTO gpkg_extensions VALUES
  ('beats', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE TRIGGER beats_region AFTER INSERT ON beats WHEN NEW.region IS NOT (NEW.fid >> 32)
BEGIN
  UPDATE beats SET region = NEW.fid >> 32 WHERE fid = NEW.fid;
END;

CREATE VIRTUAL TABLE rtree_beats_geom USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_beats_geom_insert AFTER INSERT ON beats
  WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_beats_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_beats_geom_update6 AFTER UPDATE OF geom ON beats
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom NOT NULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN
  UPDATE rtree_beats_geom SET
    minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom)
    WHERE id = NEW.fid;
END;

CREATE TRIGGER rtree_beats_geom_update7 AFTER UPDATE OF geom ON beats
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom IS NULL OR ST_IsEmpty(OLD.geom))
BEGIN
  INSERT INTO rtree_beats_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_beats_geom_update2 AFTER UPDATE OF geom ON beats
  WHEN OLD.fid = NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_beats_geom WHERE id = OLD.fid;
END;

CREATE TRIGGER rtree_beats_geom_update5 AFTER UPDATE ON beats
  WHEN OLD.fid != NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_beats_geom WHERE id = OLD.fid;
  INSERT OR REPLACE INTO rtree_beats_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_beats_geom_update4 AFTER UPDATE ON beats
  WHEN OLD.fid != NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_beats_geom WHERE id IN (OLD.fid, NEW.fid);
END;

CREATE TRIGGER rtree_beats_geom_delete AFTER DELETE ON beats WHEN OLD.geom NOT NULL
BEGIN
  DELETE FROM rtree_beats_geom WHERE id = OLD.fid;
END;

-- addresses

CREATE TABLE addresses (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  region INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL,
  text TEXT NOT NULL,
  residents INTEGER NOT NULL DEFAULT 0,
  dwellings INTEGER NOT NULL DEFAULT 0,
  organisations INTEGER NOT NULL DEFAULT 0,
  geom POINT NOT NULL,
  CONSTRAINT addresses_region_code UNIQUE (region, code)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
  VALUES ('addresses', 'features', 'addresses', 'Standard addresses', 4490);
INSERT INTO gpkg_geometry_columns VALUES ('addresses', 'geom', 'POINT', 4490, 0, 0);
INSERT INTO gpkg_extensions VALUES
  ('addresses', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE TRIGGER addresses_region AFTER INSERT ON addresses WHEN NEW.region IS NOT (NEW.fid >> 32)
BEGIN
  UPDATE addresses SET region = NEW.fid >> 32 WHERE fid = NEW.fid;
END;

CREATE VIRTUAL TABLE rtree_addresses_geom USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_addresses_geom_insert AFTER INSERT ON addresses
  WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_addresses_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_addresses_geom_update6 AFTER UPDATE OF geom ON addresses
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom NOT NULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN
  UPDATE rtree_addresses_geom SET
    minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom)
    WHERE id = NEW.fid;
END;

CREATE TRIGGER rtree_addresses_geom_update7 AFTER UPDATE OF geom ON addresses
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom IS NULL OR ST_IsEmpty(OLD.geom))
BEGIN
  INSERT INTO rtree_addresses_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_addresses_geom_update2 AFTER UPDATE OF geom ON addresses
  WHEN OLD.fid = NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_addresses_geom WHERE id = OLD.fid;
END;

CREATE TRIGGER rtree_addresses_geom_update5 AFTER UPDATE ON addresses
  WHEN OLD.fid != NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_addresses_geom WHERE id = OLD.fid;
  INSERT OR REPLACE INTO rtree_addresses_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_addresses_geom_update4 AFTER UPDATE ON addresses
  WHEN OLD.fid != NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_addresses_geom WHERE id IN (OLD.fid, NEW.fid);
END;

CREATE TRIGGER rtree_addresses_geom_delete AFTER DELETE ON addresses WHEN OLD.geom NOT NULL
BEGIN
  DELETE FROM rtree_addresses_geom WHERE id = OLD.fid;
END;

-- incidents

CREATE TABLE incidents (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  region INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL,
  title TEXT,
  category TEXT,
  state TEXT NOT NULL,
  risk TEXT,
  source TEXT,
  reported_at DATETIME,
  address TEXT,
  placed BOOLEAN NOT NULL DEFAULT 0,
  grid TEXT,
  beat TEXT,
  geom POINT NOT NULL,
  CONSTRAINT incidents_region_code UNIQUE (region, code)
);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
  VALUES ('incidents', 'features', 'incidents', 'Incidents', 4490);
INSERT INTO gpkg_geometry_columns VALUES ('incidents', 'geom', 'POINT', 4490, 0, 0);
INSERT INTO gpkg_extensions VALUES
  ('incidents', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE TRIGGER incidents_region AFTER INSERT ON incidents WHEN NEW.region IS NOT (NEW.fid >> 32)
BEGIN
  UPDATE incidents SET region = NEW.fid >> 32 WHERE fid = NEW.fid;
END;

CREATE VIRTUAL TABLE rtree_incidents_geom USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_incidents_geom_insert AFTER INSERT ON incidents
  WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_incidents_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_incidents_geom_update6 AFTER UPDATE OF geom ON incidents
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom NOT NULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN
  UPDATE rtree_incidents_geom SET
    minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom)
    WHERE id = NEW.fid;
END;

CREATE TRIGGER rtree_incidents_geom_update7 AFTER UPDATE OF geom ON incidents
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom IS NULL OR ST_IsEmpty(OLD.geom))
BEGIN
  INSERT INTO rtree_incidents_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_incidents_geom_update2 AFTER UPDATE OF geom ON incidents
  WHEN OLD.fid = NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_incidents_geom WHERE id = OLD.fid;
END;

CREATE TRIGGER rtree_incidents_geom_update5 AFTER UPDATE ON incidents
  WHEN OLD.fid != NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_incidents_geom WHERE id = OLD.fid;
  INSERT OR REPLACE INTO rtree_incidents_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_incidents_geom_update4 AFTER UPDATE ON incidents
  WHEN OLD.fid != NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_incidents_geom WHERE id IN (OLD.fid, NEW.fid);
END;

CREATE TRIGGER rtree_incidents_geom_delete AFTER DELETE ON incidents WHEN OLD.geom NOT NULL
BEGIN
  DELETE FROM rtree_incidents_geom WHERE id = OLD.fid;
END;

-- staff

CREATE TABLE staff (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  region INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL,
  role TEXT,
  side TEXT NOT NULL,
  area TEXT,
  on_duty BOOLEAN NOT NULL DEFAULT 0,
  seen_at DATETIME,
  name TEXT,
  phone TEXT,
  geom POINT,
  CONSTRAINT staff_region_code UNIQUE (region, code)
);
CREATE INDEX staff_area ON staff (area, side) WHERE on_duty;

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
  VALUES ('staff', 'features', 'staff', 'Staff of both sides', 4490);
INSERT INTO gpkg_geometry_columns VALUES ('staff', 'geom', 'POINT', 4490, 0, 0);
INSERT INTO gpkg_extensions VALUES
  ('staff', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

CREATE TRIGGER staff_region AFTER INSERT ON staff WHEN NEW.region IS NOT (NEW.fid >> 32)
BEGIN
  UPDATE staff SET region = NEW.fid >> 32 WHERE fid = NEW.fid;
END;

CREATE VIRTUAL TABLE rtree_staff_geom USING rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER rtree_staff_geom_insert AFTER INSERT ON staff
  WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO rtree_staff_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_staff_geom_update6 AFTER UPDATE OF geom ON staff
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom NOT NULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN
  UPDATE rtree_staff_geom SET
    minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom)
    WHERE id = NEW.fid;
END;

CREATE TRIGGER rtree_staff_geom_update7 AFTER UPDATE OF geom ON staff
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom IS NULL OR ST_IsEmpty(OLD.geom))
BEGIN
  INSERT INTO rtree_staff_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_staff_geom_update2 AFTER UPDATE OF geom ON staff
  WHEN OLD.fid = NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_staff_geom WHERE id = OLD.fid;
END;

CREATE TRIGGER rtree_staff_geom_update5 AFTER UPDATE ON staff
  WHEN OLD.fid != NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_staff_geom WHERE id = OLD.fid;
  INSERT OR REPLACE INTO rtree_staff_geom VALUES (
    NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER rtree_staff_geom_update4 AFTER UPDATE ON staff
  WHEN OLD.fid != NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM rtree_staff_geom WHERE id IN (OLD.fid, NEW.fid);
END;

CREATE TRIGGER rtree_staff_geom_delete AFTER DELETE ON staff WHEN OLD.geom NOT NULL
BEGIN
  DELETE FROM rtree_staff_geom WHERE id = OLD.fid;
END;

-- residents: counted per address, never shown. No column identifies anybody.

CREATE TABLE residents (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  region INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL,
  address TEXT NOT NULL,
  household TEXT,
  age_band TEXT,
  registration TEXT,
  CONSTRAINT residents_region_code UNIQUE (region, code)
);
CREATE INDEX residents_address ON residents (region, address);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description)
  VALUES ('residents', 'attributes', 'residents', 'Residents, counted per address; nothing here identifies a person');

CREATE TRIGGER residents_region AFTER INSERT ON residents WHEN NEW.region IS NOT (NEW.fid >> 32)
BEGIN
  UPDATE residents SET region = NEW.fid >> 32 WHERE fid = NEW.fid;
END;
