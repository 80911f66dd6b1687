CREATE TABLE labels (
  id INTEGER PRIMARY KEY,
  shared INTEGER NOT NULL,
  body TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE kinds (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE owners (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE partitions (
  id INTEGER PRIMARY KEY,
  collection INTEGER NOT NULL,
  label INTEGER NOT NULL REFERENCES labels (id),
  kind INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  UNIQUE (collection, label, kind)
) STRICT;
CREATE TABLE tallies (
  partition INTEGER PRIMARY KEY,
  objects INTEGER NOT NULL
) STRICT;
CREATE TABLE objects (
  arrival INTEGER PRIMARY KEY,
  partition INTEGER NOT NULL,
  id ANY NOT NULL,
  version TEXT NOT NULL,
  added INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  siblings INTEGER NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX objects_by_partition ON objects (partition);
CREATE INDEX objects_by_id ON objects (id);
CREATE TABLE bodies (
  arrival INTEGER PRIMARY KEY,
  checksum INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE records (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  act TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE batches (
  last INTEGER PRIMARY KEY,
  stamp INTEGER NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX batches_by_stamp ON batches (stamp);
