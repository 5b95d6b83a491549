-- The statements of the SQLite store. Each stands under its name; {record} is contact, lead or
-- deal, and the loader makes one statement of each.

-- name: find_by_key
-- The records that one search key leads to: one descent of the tree of search_key, which
-- CROSS JOIN keeps on the outside. Several keys are joined with UNION ALL.
SELECT {record}.id, {record}.status, {record}.responsible, {record}.fields, {record}.types
FROM search_key CROSS JOIN {record} ON {record}.id = search_key.record
WHERE search_key.type = '{record}' AND search_key.field = ? AND search_key.value = ?

-- name: find_by_contact
-- The records linked to a contact, in any status.
SELECT {record}.id, {record}.status, {record}.responsible, {record}.fields, {record}.types
FROM link CROSS JOIN {record} ON {record}.id = link.record
WHERE link.contact = ? AND link.type = '{record}'

-- name: find_by_contact_and_status
-- The records linked to a contact in one of the statuses of a JSON list.
SELECT {record}.id, {record}.status, {record}.responsible, {record}.fields, {record}.types
FROM link CROSS JOIN {record} ON {record}.id = link.record
WHERE link.contact = ? AND link.type = '{record}'
  AND {record}.status IN (SELECT value FROM json_each(?))

-- name: read
SELECT id, status, responsible, fields, types FROM {record} WHERE id = ?

-- name: read_all
-- Every record, for looking at what a store holds.
SELECT id, status, responsible, fields, types FROM {record} ORDER BY id

-- name: create
-- Without an id SQLite gives the next one.
INSERT INTO {record} (id, status, responsible, fields, types) VALUES (?, ?, ?, ?, ?)

-- name: change
UPDATE {record} SET status = ?, responsible = ?, fields = ?, types = ? WHERE id = ?

-- name: read_keys
SELECT field, value FROM search_key WHERE type = '{record}' AND record = ?

-- name: add_key
INSERT INTO search_key (type, field, value, record) VALUES ('{record}', ?, ?, ?)

-- name: drop_key
DELETE FROM search_key WHERE type = '{record}' AND field = ? AND value = ? AND record = ?

-- name: read_links
SELECT contact FROM link WHERE type = '{record}' AND record = ? ORDER BY position

-- name: add_link
INSERT INTO link (type, record, position, contact) VALUES ('{record}', ?, ?, ?)

-- name: read_comments
SELECT text FROM comment WHERE type = '{record}' AND record = ? ORDER BY id

-- name: add_comment
INSERT INTO comment (type, record, text) VALUES ('{record}', ?, ?)

-- name: read_activities
SELECT subject, due, responsible FROM activity WHERE type = '{record}' AND record = ? ORDER BY id

-- name: add_activity
INSERT INTO activity (type, record, subject, due, responsible) VALUES ('{record}', ?, ?, ?, ?)
