-- The statements that take a person out of an SQLite file. A list is a JSON text.

-- name: holders
SELECT DISTINCT record FROM search_key
WHERE type = '{record}' AND value IN (SELECT value FROM json_each(?)) ORDER BY record

-- name: linked
SELECT DISTINCT record FROM link
WHERE type = '{record}' AND contact IN (SELECT value FROM json_each(?)) ORDER BY record

-- name: change
UPDATE {record} SET fields = ?, types = ? WHERE id = ?

-- name: drop
DELETE FROM {record} WHERE id = ?

-- name: drop_key
DELETE FROM search_key WHERE type = '{record}' AND record = ? AND field = ? AND value = ?

-- name: drop_keys
DELETE FROM search_key WHERE type = '{record}' AND record = ?

-- name: drop_links
DELETE FROM link WHERE type = '{record}' AND record = ?

-- name: add_link
INSERT INTO link (type, record, position, contact) VALUES ('{record}', ?, ?, ?)

-- name: drop_comments
DELETE FROM comment WHERE type = '{record}' AND record = ? RETURNING 1

-- name: drop_activities
DELETE FROM activity WHERE type = '{record}' AND record = ? RETURNING 1

-- name: reduce
-- Headers that are NULL tell that the row is not the first of its delivery.
UPDATE journal SET body = NULL, query = NULL, headers = CASE WHEN headers IS NOT NULL THEN '{{}}' END,
    decision = ?, text = ''
WHERE number = ?

-- name: forget_request
UPDATE journal SET request_id = NULL, digest = NULL WHERE number = ?

-- name: make_mark_key
INSERT INTO mark_key (id, key) VALUES (1, ?) ON CONFLICT DO NOTHING

-- name: mark_key
SELECT key FROM mark_key

-- name: mark
INSERT INTO erased (mark, erased) VALUES (?, ?)
ON CONFLICT (mark) DO UPDATE SET erased = excluded.erased

-- name: marked
SELECT mark, erased FROM erased WHERE mark IN (SELECT value FROM json_each(?))
