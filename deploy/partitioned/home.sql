-- On the home server, once, as the role that Gridbeat uses, before or after Gridbeat made its tables: see
-- README.md. Nothing changes until regions are placed on another server.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS postgres_fdw;

-- Which regions are on which further server. All others are at home, with the log and the counters.
-- token: the last write to the region that the log knows.
CREATE TABLE gridbeat_regions (
  region integer PRIMARY KEY,
  server name NOT NULL,
  placed boolean NOT NULL DEFAULT false,
  token uuid NOT NULL DEFAULT gen_random_uuid()
);

-- The last write to each region that its own server knows; see further.sql.
CREATE TABLE gridbeat_marks (
  region integer NOT NULL,
  token uuid NOT NULL,
  changes jsonb NOT NULL
) PARTITION BY LIST (region);

-- Writes over several servers of which a part is missing: `gridbeat verify` names them.
CREATE TABLE gridbeat_torn (
  n bigint PRIMARY KEY,
  layer text NOT NULL,
  reached integer[] NOT NULL,
  at timestamptz NOT NULL
);

-- Makes another server known, whose tables are then found in a schema of that name.
CREATE FUNCTION gridbeat_add_server(server name, host text, port integer, dbname text, "user" text, password text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF server !~ '^[a-z][a-z0-9_]*$' THEN
    RAISE EXCEPTION 'the name % is not of small letters, digits and _', server;
  END IF;
  -- postgis and pg_trgm: so that comparisons by box and by text are made over there, with its indexes.
  -- synchronous_commit: acknowledged means durable there too. Both ends give up in seconds, as Gridbeat does.
  EXECUTE format(
    'CREATE SERVER %I FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L, '
    'extensions ''postgis,pg_trgm'', fetch_size ''10000'', batch_size ''1000'', '
    'options ''-c synchronous_commit=on -c lock_timeout=10s'', '
    'connect_timeout ''5'', keepalives_idle ''10'', keepalives_interval ''5'', tcp_user_timeout ''20000'')',
    server, host, port, dbname);
  EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER %I OPTIONS (user %L, password %L)',
    server, "user", password);
  EXECUTE format('CREATE SCHEMA %I', server);
  EXECUTE format(
    'IMPORT FOREIGN SCHEMA public LIMIT TO (grids, beats, addresses, residents, incidents, staff, gridbeat_marks) '
    'FROM SERVER %I INTO %I', server, server);
  -- A new incident asks for the highest number of its region: that should not bring ten thousand.
  EXECUTE format('ALTER FOREIGN TABLE %I.incidents OPTIONS (ADD fetch_size ''500'')', server);
END $$;

-- Puts regions on a server, with the rows that they have. Let no node run meanwhile. If it breaks off, call
-- it again.
CREATE FUNCTION gridbeat_place(server name, VARIADIC regions integer[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  known record;
BEGIN
  FOR known IN SELECT * FROM gridbeat_regions AS r WHERE r.region = ANY (regions) LOOP
    RAISE EXCEPTION 'region % is on server % already', known.region, known.server;
  END LOOP;
  INSERT INTO gridbeat_regions (region, server) SELECT r, server FROM unnest(regions) AS r;
  PERFORM gridbeat_partition();
END $$;

-- Makes the tables as gridbeat_regions says. Gridbeat calls it when it has made its tables.
CREATE FUNCTION gridbeat_partition() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  layers CONSTANT text[] := ARRAY['grids', 'beats', 'addresses', 'residents', 'incidents', 'staff'];
  layer text;
  place record;
  there boolean;
BEGIN
  IF to_regclass('gridbeat_changes') IS NULL THEN
    RETURN;
  END IF;
  FOREACH layer IN ARRAY layers LOOP
    -- A root with foreign partitions takes no key and no unique index: the table that was stays as the leaf
    -- of all regions at home, and keeps its own.
    IF (SELECT relkind FROM pg_class WHERE oid = to_regclass(layer)) = 'r' THEN
      EXECUTE format('ALTER TABLE %I RENAME TO %I', layer, layer || '_home');
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS) PARTITION BY LIST (region)', layer, layer || '_home');
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', layer, layer || '_home');
    END IF;
  END LOOP;
  FOR place IN
    SELECT server, array_agg(region) FILTER (WHERE NOT placed) AS come, string_agg(region::text, ', ') AS list
    FROM gridbeat_regions GROUP BY server HAVING NOT bool_and(placed)
  LOOP
    FOREACH layer IN ARRAY layers || ARRAY['gridbeat_marks'] LOOP
      IF (SELECT relispartition FROM pg_class WHERE oid = to_regclass(format('%I.%I', place.server, layer))) THEN
        EXECUTE format('ALTER TABLE %I DETACH PARTITION %I.%I', layer, place.server, layer);
      END IF;
      IF layer = 'gridbeat_marks' THEN
        EXECUTE format('DELETE FROM %I.%I WHERE region = ANY ($1)', place.server, layer) USING place.come;
        EXECUTE format('INSERT INTO %I.%I SELECT region, token, ''[]'' FROM gridbeat_regions WHERE region = ANY ($1)',
          place.server, layer) USING place.come;
      ELSE
        EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I WHERE region = ANY ($1)) '
          'AND EXISTS (SELECT FROM %I.%I WHERE region = ANY ($1))', layer || '_home', place.server, layer)
          INTO there USING place.come;
        IF there THEN
          RAISE EXCEPTION 'server % has rows of one of the regions % in its %, and there are none here to replace them',
            place.server, place.come, layer;
        END IF;
        -- What an attempt that broke off may have left.
        EXECUTE format('DELETE FROM %I.%I WHERE region = ANY ($1)', place.server, layer) USING place.come;
        EXECUTE format('INSERT INTO %I.%I SELECT * FROM %I WHERE region = ANY ($1)',
          place.server, layer, layer || '_home') USING place.come;
        EXECUTE format('DELETE FROM %I WHERE region = ANY ($1)', layer || '_home') USING place.come;
      END IF;
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I.%I FOR VALUES IN (%s)', layer, place.server, layer, place.list);
    END LOOP;
  END LOOP;
  UPDATE gridbeat_regions SET placed = true WHERE NOT placed;
  CREATE OR REPLACE TRIGGER gridbeat_mark AFTER INSERT ON gridbeat_changes
    REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION gridbeat_mark();
END $$;

-- Every write ends with its entries in the log, and they go to the regions' servers too. Those commit before
-- home does, so a write that broke off in between has left its mark there, under a token that home does not know.
CREATE FUNCTION gridbeat_mark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine CONSTANT uuid := gen_random_uuid();
  place record;
BEGIN
  IF current_setting('gridbeat.mending', true) = 'on' THEN
    RETURN NULL;
  END IF;
  FOR place IN
    SELECT p.region, jsonb_agg(to_jsonb(c) ORDER BY c.n) AS changes FROM gridbeat_regions AS p JOIN came AS c
      -- Region 0 without a row: an import over several regions.
      ON (c.region = p.region OR (c.region = 0 AND c.fid IS NULL))
      AND c.layer IN ('grid', 'beat', 'address', 'resident', 'incident', 'staff')
    WHERE p.placed GROUP BY p.region ORDER BY p.region
  LOOP
    IF NOT gridbeat_mark_region(place.region, mine, place.changes) THEN
      PERFORM gridbeat_mend();
      IF NOT gridbeat_mark_region(place.region, mine, place.changes) THEN
        RAISE EXCEPTION 'the server of region % does not take the mark of a write', place.region;
      END IF;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- Whether the mark that was there is the one that home knows; only then it is replaced.
CREATE FUNCTION gridbeat_mark_region(which integer, mine uuid, changes jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  marked bigint;
BEGIN
  -- The region is written into the statement, so that no other server is asked.
  EXECUTE format('UPDATE gridbeat_marks SET token = $1, changes = $2 WHERE region = %s AND token = $3', which)
    USING mine, changes, (SELECT token FROM gridbeat_regions WHERE region = which);
  GET DIAGNOSTICS marked = ROW_COUNT;
  UPDATE gridbeat_regions SET token = mine WHERE region = which AND marked = 1;
  RETURN marked = 1;
END $$;

-- Whether all servers are seen as of the same write. In a transaction whose reads repeat, it is true of all
-- that is read after it.
CREATE FUNCTION gridbeat_agree() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM gridbeat_regions AS p LEFT JOIN gridbeat_marks AS m ON m.region = p.region
    WHERE p.placed AND m.token IS DISTINCT FROM p.token)
$$;

-- Enters into the log what is there but was never logged, since home broke off before its own commit. Such a
-- write was not acknowledged; from here on it counts. Returns how many entries were made.
CREATE FUNCTION gridbeat_mend() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  stray record;
  kind record;
  made bigint := 0;
  upto bigint;
BEGIN
  -- Nobody else writes now.
  SELECT last INTO upto FROM gridbeat_counters WHERE name = 'change' AND region = 0 FOR UPDATE;
  PERFORM set_config('gridbeat.mending', 'on', true);
  FOR stray IN
    SELECT m.token, m.changes, array_agg(m.region ORDER BY m.region) AS regions
    FROM gridbeat_regions AS p JOIN gridbeat_marks AS m ON m.region = p.region
    WHERE p.placed AND m.token <> p.token GROUP BY m.token, m.changes ORDER BY 3
  LOOP
    INSERT INTO gridbeat_changes
      SELECT (jsonb_populate_record(NULL::gridbeat_changes, c.change || jsonb_build_object('n', upto + c.i))).*
      FROM jsonb_array_elements(stray.changes) WITH ORDINALITY AS c(change, i);
    INSERT INTO gridbeat_torn
      SELECT upto + c.i, c.change ->> 'layer', stray.regions, (c.change ->> 'at')::timestamptz
      FROM jsonb_array_elements(stray.changes) WITH ORDINALITY AS c(change, i)
      WHERE c.change ->> 'region' = '0' AND c.change ->> 'fid' IS NULL;
    upto := upto + jsonb_array_length(stray.changes);
    made := made + jsonb_array_length(stray.changes);
    -- The numbers that were given to its rows are not given again.
    FOR kind IN
      SELECT DISTINCT CASE c ->> 'layer' WHEN 'address' THEN 'addresses' WHEN 'staff' THEN 'staff'
        ELSE (c ->> 'layer') || 's' END AS layer FROM jsonb_array_elements(stray.changes) AS c
    LOOP
      EXECUTE format(
        'INSERT INTO gridbeat_counters SELECT %L, region, max(fid) & 4294967295 FROM %I WHERE region = ANY ($1) '
        'GROUP BY region ON CONFLICT (name, region) DO UPDATE SET last = greatest(gridbeat_counters.last, excluded.last)',
        kind.layer, kind.layer) USING stray.regions;
    END LOOP;
    UPDATE gridbeat_regions SET token = stray.token WHERE region = ANY (stray.regions);
  END LOOP;
  UPDATE gridbeat_counters SET last = upto WHERE name = 'change' AND region = 0 AND made > 0;
  PERFORM set_config('gridbeat.mending', 'off', true);
  IF made > 0 THEN
    PERFORM pg_notify('gridbeat', upto::text);
  END IF;
  RETURN made;
END $$;
