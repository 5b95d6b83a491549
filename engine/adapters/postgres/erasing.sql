-- The statements that take a person out of a PostgreSQL database. A list is an array.

-- name: holders
SELECT DISTINCT record FROM search_key
WHERE type = '{record}' AND value = ANY(%s::text[]) ORDER BY record

-- name: linked
SELECT DISTINCT record FROM link
WHERE type = '{record}' AND contact = ANY(%s::bigint[]) ORDER BY record

-- name: lock
SELECT id FROM {record} WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE

-- name: change
UPDATE {record} SET fields = %s::text, types = %s::text WHERE id = %s::bigint

-- name: drop
DELETE FROM {record} WHERE id = %s::bigint

-- name: drop_key
DELETE FROM search_key
WHERE type = '{record}' AND record = %s::bigint AND field = %s::text AND value = %s::text

-- name: drop_keys
DELETE FROM search_key WHERE type = '{record}' AND record = %s::bigint

-- name: drop_links
DELETE FROM link WHERE type = '{record}' AND record = %s::bigint

-- name: add_link
INSERT INTO link (type, record, position, contact)
VALUES ('{record}', %s::bigint, %s::integer, %s::bigint)

-- name: drop_comments
DELETE FROM comment WHERE type = '{record}' AND record = %s::bigint RETURNING 1

-- name: drop_activities
DELETE FROM activity WHERE type = '{record}' AND record = %s::bigint RETURNING 1

-- name: forget
-- The claim of a key holds it as it is. A unit of work that waits for it makes a new one.
DELETE FROM claim WHERE type = '{record}' AND field = %s::text AND value = %s::text

-- name: forget_claim
-- The claim of the request that a row stands for.
DELETE FROM claim USING journal
WHERE journal.number = %s::bigint AND claim.type = 'request' AND claim.field = journal.channel
    AND claim.value = journal.request_id

-- name: reduce
-- Headers that are NULL tell that the row is not the first of its delivery.
UPDATE journal SET body = NULL, query = NULL, headers = CASE WHEN headers IS NOT NULL THEN '{{}}' END,
    decision = %s::text, text = ''
WHERE number = %s::bigint

-- name: forget_request
UPDATE journal SET request_id = NULL, digest = NULL WHERE number = %s::bigint

-- name: make_mark_key
INSERT INTO mark_key (id, key) VALUES (1, %s::text) ON CONFLICT DO NOTHING

-- name: mark_key
SELECT key FROM mark_key

-- name: mark
INSERT INTO erased (mark, erased) VALUES (%s::text, %s::text)
ON CONFLICT (mark) DO UPDATE SET erased = excluded.erased

-- name: marked
SELECT mark, erased FROM erased WHERE mark = ANY(%s::text[])
