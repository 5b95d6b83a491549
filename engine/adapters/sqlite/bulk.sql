-- The statements of an SQLite database as a whole. A list of ids is a JSON text.

-- name: read_some
-- Those of a list of records that are there.
SELECT id, status, responsible, fields, types FROM {record}
WHERE id IN (SELECT value FROM json_each(?))

-- name: read_page
-- The next records behind an id.
SELECT id, status, responsible, fields, types FROM {record} WHERE id > ? ORDER BY id LIMIT ?

-- name: which
-- Those of a list of ids that are taken.
SELECT id FROM {record} WHERE id IN (SELECT value FROM json_each(?))

-- name: read_keys
SELECT record, field, value FROM search_key
WHERE type = '{record}' AND record IN (SELECT value FROM json_each(?))

-- name: read_links
SELECT record, contact FROM link
WHERE type = '{record}' AND record IN (SELECT value FROM json_each(?)) ORDER BY record, position

-- name: read_comments
SELECT record, text FROM comment
WHERE type = '{record}' AND record IN (SELECT value FROM json_each(?)) ORDER BY id

-- name: read_activities
SELECT record, subject, due, responsible FROM activity
WHERE type = '{record}' AND record IN (SELECT value FROM json_each(?)) ORDER BY id

-- name: create
INSERT INTO {record} (id, status, responsible, fields, types) VALUES (?, ?, ?, ?, ?)

-- name: add_key
INSERT INTO search_key (type, field, value, record) VALUES ('{record}', ?, ?, ?)

-- name: add_link
INSERT INTO link (type, record, position, contact) VALUES ('{record}', ?, ?, ?)

-- name: add_comment
INSERT INTO comment (type, record, text) VALUES ('{record}', ?, ?)

-- name: add_activity
INSERT INTO activity (type, record, subject, due, responsible) VALUES ('{record}', ?, ?, ?, ?)

-- name: count
SELECT count(*) FROM {record}

-- name: shared
-- The keys of phones and e-mails that lead to several records, in the order of the tree.
SELECT field, value, count(*) FROM search_key
WHERE type = '{record}' AND upper(field) IN ('PHONE', 'EMAIL')
GROUP BY field, value HAVING count(*) > 1

-- name: led_to
-- The first records that a key leads to.
SELECT record FROM search_key WHERE type = '{record}' AND field = ? AND value = ?
ORDER BY record LIMIT ?
