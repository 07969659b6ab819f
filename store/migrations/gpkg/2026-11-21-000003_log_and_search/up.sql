-- What only Gridbeat reads: its mark, the counters, the change log, the index over the texts of
-- addresses. None of it is listed as a layer.

CREATE TABLE gridbeat_meta (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO gridbeat_meta VALUES ('format', 'gridbeat');

-- The last number given, by name and region: layer tables count their fids, 'change' counts changes.
-- A number is never given twice, even when its row is gone.
CREATE TABLE gridbeat_counters (
  name TEXT NOT NULL,
  region INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (name, region)
) WITHOUT ROWID;
INSERT INTO gridbeat_counters VALUES ('change', 0, 0);

-- n has no gap and follows the order of commits. The box is in 1e-7 degree.
CREATE TABLE gridbeat_changes (
  n INTEGER PRIMARY KEY NOT NULL,
  region INTEGER NOT NULL,
  layer TEXT NOT NULL,
  op TEXT NOT NULL,
  fid INTEGER,
  grid TEXT,
  beat TEXT,
  min_lon INTEGER,
  min_lat INTEGER,
  max_lon INTEGER,
  max_lat INTEGER,
  at TEXT NOT NULL,
  row_count INTEGER NOT NULL
);

-- Every run of three characters of every address. It keeps no texts and no positions (detail none):
-- it names candidates, and the text itself decides.
CREATE VIRTUAL TABLE gridbeat_address_text USING fts5(
  text, content = 'addresses', content_rowid = 'fid', tokenize = 'trigram', detail = 'none', columnsize = 0
);
-- The runs themselves, in order: a search for one or two characters asks which runs begin with them.
CREATE VIRTUAL TABLE gridbeat_address_terms USING fts5vocab('gridbeat_address_text', 'row');

-- What other programs changed since the index was last brought up to date: the text that the index
-- still has of a row, NULL when it has none. Their SQLite may lack FTS5 (that of many GDAL builds does),
-- so the triggers only note; Gridbeat catches up before it next searches or imports.
CREATE TABLE gridbeat_address_stale (
  fid INTEGER PRIMARY KEY NOT NULL,
  text TEXT
);

CREATE TRIGGER addresses_text_insert AFTER INSERT ON addresses
BEGIN
  INSERT INTO gridbeat_address_stale SELECT NEW.fid, NULL
    WHERE NOT EXISTS (SELECT 1 FROM gridbeat_address_stale WHERE fid = NEW.fid);
END;

CREATE TRIGGER addresses_text_delete AFTER DELETE ON addresses
BEGIN
  INSERT INTO gridbeat_address_stale SELECT OLD.fid, OLD.text
    WHERE NOT EXISTS (SELECT 1 FROM gridbeat_address_stale WHERE fid = OLD.fid);
END;

CREATE TRIGGER addresses_text_update AFTER UPDATE OF fid, text ON addresses
  WHEN OLD.fid IS NOT NEW.fid OR OLD.text IS NOT NEW.text
BEGIN
  INSERT INTO gridbeat_address_stale SELECT OLD.fid, OLD.text
    WHERE NOT EXISTS (SELECT 1 FROM gridbeat_address_stale WHERE fid = OLD.fid);
  INSERT INTO gridbeat_address_stale SELECT NEW.fid, NULL
    WHERE NOT EXISTS (SELECT 1 FROM gridbeat_address_stale WHERE fid = NEW.fid);
END;
