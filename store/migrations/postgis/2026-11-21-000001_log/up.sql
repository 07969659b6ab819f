-- What only Gridbeat reads: its mark, the counters, the change log.

CREATE TABLE gridbeat_meta (
  key text PRIMARY KEY,
  value text NOT NULL
);
INSERT INTO gridbeat_meta VALUES ('format', 'gridbeat');

-- The last number given, by name and region: layer tables count their fids, 'change' counts changes.
-- Whoever writes locks the row of 'change' first, so that the numbers follow the order of commits.
CREATE TABLE gridbeat_counters (
  name text COLLATE "C" NOT NULL,
  region integer NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (name, region)
);
INSERT INTO gridbeat_counters VALUES ('change', 0, 0);

-- n has no gap. The box is in 1e-7 degree.
CREATE TABLE gridbeat_changes (
  n bigint PRIMARY KEY,
  region integer NOT NULL,
  layer text NOT NULL,
  op text NOT NULL,
  fid bigint,
  grid text,
  beat text,
  min_lon integer,
  min_lat integer,
  max_lon integer,
  max_lat integer,
  at timestamptz NOT NULL,
  row_count bigint NOT NULL
);
