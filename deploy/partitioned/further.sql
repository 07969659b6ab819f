-- On every further server, once, after store/migrations/postgis/*_layers/up.sql, which makes the tables of
-- the layers with their keys and indexes there as everywhere: see README.md.

-- For each region here, the last write to it: whose it was, and its entries of the change log. It is written
-- in the transaction of the rows, so it stands here exactly when they do.
CREATE TABLE gridbeat_marks (
  region integer PRIMARY KEY,
  token uuid NOT NULL,
  changes jsonb NOT NULL
);
