-- The statements of the journal in SQLite.

-- name: recorded
-- What is recorded of a request.
SELECT number, delivery, digest, action, status, decision FROM journal
WHERE channel = ? AND request_id = ?

-- name: count_again
UPDATE journal SET attempts = attempts + 1 WHERE number = ?

-- name: write
INSERT INTO journal (
    delivery, part, received, address, channel, request_id, digest, method, query, headers, body,
    rules, action, status, decision, text, attempts
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: read
-- The newest rows below a number, with the conditions below that are asked for.
SELECT
    number, delivery, part, received, address, channel, request_id, digest, method, query,
    headers, body, rules, action, status, decision, text, attempts
FROM journal WHERE number < ?

-- name: of_channel
AND channel = ?

-- name: of_delivery
AND delivery = ?

-- name: also_of_channel
-- The plus leaves it to the delivery to lead to the rows, which are few.
AND +channel = ?

-- name: of_actions
AND action IN (SELECT value FROM json_each(?))

-- name: from_time
-- The plus keeps the rows in the order of their numbers, in which they are read up to the limit.
AND +received >= ?

-- name: before_time
AND +received < ?

-- name: with_text
-- Bytes are compared, and lower() knows ASCII letters only.
AND (
    instr(CAST(lower(decision) AS BLOB), ?) > 0
    OR instr(CAST(lower(query) AS BLOB), ?) > 0
    OR instr(CAST(lower(body) AS BLOB), ?) > 0
)

-- name: newest
ORDER BY number DESC LIMIT ?

-- name: empty
-- Some of the rows that a purge has to empty.
UPDATE journal SET body = NULL, query = NULL, headers = CASE WHEN headers IS NOT NULL THEN '{}' END
WHERE number IN (
    SELECT number FROM journal
    WHERE received < ? AND (body IS NOT NULL OR query IS NOT NULL OR headers <> '{}')
    LIMIT ?
)

-- name: drop
-- Some of the rows that a purge has to drop.
DELETE FROM journal WHERE number IN (SELECT number FROM journal WHERE received < ? LIMIT ?)

-- name: note_address
INSERT INTO address (address) VALUES (?) ON CONFLICT DO NOTHING

-- name: addresses
SELECT address FROM address
