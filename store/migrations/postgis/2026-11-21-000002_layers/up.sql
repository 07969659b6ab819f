-- The layers, one table each, as in the GeoPackage.
--
-- fid is region * 2^32 + sequence. Every key carries the region and none crosses one, so that each table
-- can be partitioned by it (declaratively, over several servers, or by Citus). Codes compare byte by
-- byte (collation "C"), as everywhere in Gridbeat.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE grids (
  fid bigint NOT NULL,
  region integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text,
  level text,
  parent text COLLATE "C",
  kind text,
  geom geometry(MultiPolygon, 4490),
  PRIMARY KEY (region, fid),
  CONSTRAINT grids_region_code UNIQUE (region, code)
);
CREATE INDEX grids_geom ON grids USING gist (geom);

CREATE TABLE beats (
  fid bigint NOT NULL,
  region integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text,
  level text,
  parent text COLLATE "C",
  kind text,
  geom geometry(MultiPolygon, 4490),
  PRIMARY KEY (region, fid),
  CONSTRAINT beats_region_code UNIQUE (region, code)
);
CREATE INDEX beats_geom ON beats USING gist (geom);

CREATE TABLE addresses (
  fid bigint NOT NULL,
  region integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  text text NOT NULL,
  residents bigint NOT NULL DEFAULT 0,
  dwellings bigint NOT NULL DEFAULT 0,
  organisations bigint NOT NULL DEFAULT 0,
  geom geometry(Point, 4490) NOT NULL,
  PRIMARY KEY (region, fid),
  CONSTRAINT addresses_region_code UNIQUE (region, code)
);
CREATE INDEX addresses_geom ON addresses USING gist (geom);
-- Every run of three characters of every address. It needs a database whose LC_CTYPE knows letters
-- beyond ASCII (C.UTF-8 does, C does not): without, searches are right but slow.
CREATE INDEX addresses_text ON addresses USING gin (text gin_trgm_ops);

-- Counted per address, never shown. No column identifies anybody.
CREATE TABLE residents (
  fid bigint NOT NULL,
  region integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  household text,
  age_band text,
  registration text,
  PRIMARY KEY (region, fid),
  CONSTRAINT residents_region_code UNIQUE (region, code)
);
CREATE INDEX residents_address ON residents (region, address);

CREATE TABLE incidents (
  fid bigint NOT NULL,
  region integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  title text,
  category text,
  state text NOT NULL,
  risk text,
  source text,
  reported_at timestamptz,
  address text,
  placed boolean NOT NULL DEFAULT false,
  grid text COLLATE "C",
  beat text COLLATE "C",
  geom geometry(Point, 4490) NOT NULL,
  PRIMARY KEY (region, fid),
  CONSTRAINT incidents_region_code UNIQUE (region, code)
);
CREATE INDEX incidents_geom ON incidents USING gist (geom);

CREATE TABLE staff (
  fid bigint NOT NULL,
  region integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  role text,
  side text NOT NULL,
  area text COLLATE "C",
  on_duty boolean NOT NULL DEFAULT false,
  seen_at timestamptz,
  name text,
  phone text,
  geom geometry(Point, 4490),
  PRIMARY KEY (region, fid),
  CONSTRAINT staff_region_code UNIQUE (region, code)
);
CREATE INDEX staff_area ON staff (area, side) WHERE on_duty;
CREATE INDEX staff_geom ON staff USING gist (geom);
