-- The tables of an SQLite store of version 1, as they were then.

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
