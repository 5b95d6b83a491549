-- The tables of an SQLite store.
--
-- Fields, value types and numbers are JSON text, so that decimals keep their digits and integers
-- may be of any size. Ids are SQLite's own: one above the highest, from 1.

CREATE TABLE contact (
    id          INTEGER PRIMARY KEY,
    status      TEXT,
    responsible TEXT,
    fields      TEXT NOT NULL, -- JSON object: field to value, lists for multi-value fields
    types       TEXT NOT NULL  -- JSON object: multi-value field to the types of its values
) STRICT;

CREATE TABLE lead (
    id          INTEGER PRIMARY KEY,
    status      TEXT,
    responsible TEXT,
    fields      TEXT NOT NULL,
    types       TEXT NOT NULL
) STRICT;

CREATE TABLE deal (
    id          INTEGER PRIMARY KEY,
    status      TEXT,
    responsible TEXT,
    fields      TEXT NOT NULL,
    types       TEXT NOT NULL
) STRICT;

-- Which contacts a lead or deal is linked to; position 0 is the primary.
CREATE TABLE link (
    type     TEXT NOT NULL CHECK (type IN ('lead', 'deal')),
    record   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    contact  INTEGER NOT NULL REFERENCES contact (id),
    PRIMARY KEY (type, record, position),
    UNIQUE (contact, type, record)
) STRICT, WITHOUT ROWID;

-- Which records a normalised value leads to: several where a CRM holds duplicates.
CREATE TABLE search_key (
    type   TEXT NOT NULL CHECK (type IN ('contact', 'lead', 'deal')),
    field  TEXT NOT NULL,
    value  TEXT NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (type, field, value, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX search_key_of_record ON search_key (type, record);

CREATE TABLE comment (
    id     INTEGER PRIMARY KEY,
    type   TEXT NOT NULL CHECK (type IN ('contact', 'lead', 'deal')),
    record INTEGER NOT NULL,
    text   TEXT NOT NULL
) STRICT;

CREATE INDEX comment_of_record ON comment (type, record);

CREATE TABLE activity (
    id          INTEGER PRIMARY KEY,
    type        TEXT NOT NULL CHECK (type IN ('contact', 'lead', 'deal')),
    record      INTEGER NOT NULL,
    subject     TEXT NOT NULL,
    due         TEXT NOT NULL, -- ISO 8601 in UTC
    responsible TEXT
) STRICT;

CREATE INDEX activity_of_record ON activity (type, record);

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

-- Which version the tables have, as alembic keeps it: one row.
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
