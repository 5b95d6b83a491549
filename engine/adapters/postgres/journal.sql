-- The statements of the journal in PostgreSQL. Every statement sees what was committed before it
-- began.

-- name: claim
-- Lock the rows of requests, or make them; in their order, as keys are claimed.
INSERT INTO claim (type, field, value)
SELECT 'request', request.channel, request.id
FROM unnest(%(channels)s::text[], %(requests)s::text[]) AS request (channel, id)
ORDER BY request.channel COLLATE "C", request.id COLLATE "C"
ON CONFLICT (type, field, value) DO UPDATE SET type = excluded.type

-- name: again
-- Deliveries of those of the requests that are recorded.
UPDATE journal SET attempts = attempts + request.count
FROM unnest(%(counts)s::integer[], %(channels)s::text[], %(requests)s::text[])
    WITH ORDINALITY AS request (count, channel, id, number)
WHERE journal.channel = request.channel AND journal.request_id = request.id
RETURNING request.number - 1, delivery, digest, action, status, decision

-- name: write
INSERT INTO journal (
    delivery, part, received, address, channel, request_id, digest, method, query, headers, body,
    rules, action, status, decision, text, attempts
)
SELECT delivery, part, received, address, channel, request_id, digest, method, query, headers, body,
    rules, action, status, decision, text, attempts
FROM unnest(
    %(delivery)s::text[], %(part)s::integer[], %(received)s::text[], %(address)s::text[],
    %(channel)s::text[], %(request_id)s::text[], %(digest)s::text[], %(method)s::text[],
    %(query)s::text[], %(headers)s::text[], %(body)s::bytea[], %(rules)s::text[],
    %(action)s::text[], %(status)s::integer[], %(decision)s::text[], %(text)s::text[],
    %(attempts)s::integer[]
) WITH ORDINALITY AS new (
    delivery, part, received, address, channel, request_id, digest, method, query, headers, body,
    rules, action, status, decision, text, attempts, place
)
ORDER BY place

-- name: read
-- The newest rows below a number, with the conditions below that are asked for.
SELECT
    number, delivery, part, received, address, channel, request_id, digest, method, query,
    headers, body, rules, action, status, decision, text, attempts
FROM journal WHERE number < %(below)s::bigint

-- name: in_order
-- Rows are read in their order up to the limit, though a journal that is empty is sorted as well.
SELECT set_config(name, 'off', true) FROM pg_settings
WHERE name IN ('enable_sort', 'enable_bitmapscan')

-- name: of_channel
AND channel = %(channel)s::text

-- name: of_delivery
AND delivery = %(delivery)s::text

-- name: of_actions
AND action = ANY(%(actions)s::text[])

-- name: from_time
-- What is added keeps the rows in the order of their numbers, in which they are read up to the
-- limit.
AND received || '' >= %(after)s::text

-- name: before_time
AND received || '' < %(before)s::text

-- name: with_text
-- Bytes are compared; lower() knows ASCII letters only, of the bytes of a body as well.
AND (
    position(%(needle)b::bytea IN convert_to(lower(decision), 'UTF8')) > 0
    OR position(%(needle)b::bytea IN convert_to(lower(query), 'UTF8')) > 0
    OR position(
        %(needle)b::bytea IN decode(lower(encode(body, 'escape') COLLATE "C"), 'escape')
    ) > 0
)

-- name: newest
ORDER BY number DESC LIMIT %(limit)s::bigint

-- name: empty
-- Some of the rows that a purge has to empty.
UPDATE journal SET body = NULL, query = NULL, headers = CASE WHEN headers IS NOT NULL THEN '{}' END
WHERE number = ANY (ARRAY(
    SELECT number FROM journal
    WHERE received < %(before)s::text AND (body IS NOT NULL OR query IS NOT NULL OR headers <> '{}')
    LIMIT %(limit)s::bigint
))
RETURNING number

-- name: old
-- Some of the rows that a purge has to drop.
SELECT number, channel, request_id FROM journal WHERE received < %(before)s::text
LIMIT %(limit)s::bigint

-- name: drop_claims
DELETE FROM claim USING unnest(%(channels)s::text[], %(requests)s::text[]) AS request (channel, id)
WHERE claim.type = 'request' AND claim.field = request.channel AND claim.value = request.id

-- name: drop
DELETE FROM journal WHERE number = ANY(%(numbers)s::bigint[]) RETURNING number

-- name: note_addresses
INSERT INTO address (address) SELECT unnest(%(addresses)s::text[]) ON CONFLICT DO NOTHING

-- name: addresses
SELECT address FROM address
