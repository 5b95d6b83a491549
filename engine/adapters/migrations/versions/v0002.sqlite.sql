-- What version 2 adds to an SQLite store, as it was then.

-- A row for every decision on a request that reached a channel, in the order of writing. Body,
-- query and headers stand in the first row of a delivery; headers are NULL in all others.
CREATE TABLE journal (
    number     INTEGER PRIMARY KEY,
    delivery   TEXT NOT NULL,
    part       INTEGER NOT NULL,
    received   TEXT NOT NULL, -- ISO 8601 in UTC with milliseconds
    address    TEXT NOT NULL,
    channel    TEXT NOT NULL,
    request_id TEXT, -- or its digest, for one that is long or no text
    digest     TEXT,
    method     TEXT NOT NULL,
    query      TEXT,
    headers    TEXT, -- JSON object
    rules      TEXT NOT NULL,
    action     TEXT NOT NULL,
    status     INTEGER NOT NULL,
    decision   TEXT NOT NULL, -- JSON object
    text       TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    body       BLOB -- behind what is read of every row
) STRICT;

-- One row for all deliveries of a request.
CREATE UNIQUE INDEX journal_of_request ON journal (channel, request_id)
    WHERE request_id IS NOT NULL;

CREATE INDEX journal_of_delivery ON journal (delivery);

CREATE INDEX journal_of_channel ON journal (channel, number);

CREATE INDEX journal_of_time ON journal (received);

-- The rows that a purge has to empty.
CREATE INDEX journal_kept ON journal (received)
    WHERE body IS NOT NULL OR query IS NOT NULL OR headers <> '{}';

-- Every address that a channel has ever had.
CREATE TABLE address (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Marks of the phones and e-mails of people who were erased: keyed hashes, so that replays do not
-- bring them back and nobody reads from a mark whose it is.
CREATE TABLE erased (
    mark   TEXT PRIMARY KEY,
    erased TEXT NOT NULL -- ISO 8601 in UTC with milliseconds
) STRICT, WITHOUT ROWID;

-- The key of the hashes: one row, once somebody was erased.
CREATE TABLE mark_key (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL
) STRICT;
