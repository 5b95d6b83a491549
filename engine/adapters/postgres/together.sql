-- The statements that write what several units of work add to records, of all types at once.

-- name: add_keys
INSERT INTO search_key (type, field, value, record)
SELECT * FROM unnest(%(types)s::text[], %(key_fields)s::text[], %(key_values)s::text[],
    %(ids)s::bigint[])

-- name: drop_keys
DELETE FROM search_key
USING unnest(%(types)s::text[], %(key_fields)s::text[], %(key_values)s::text[], %(ids)s::bigint[])
    AS key (type, field, value, record)
WHERE search_key.type = key.type AND search_key.field = key.field
    AND search_key.value = key.value AND search_key.record = key.record

-- name: add_links
INSERT INTO link (type, record, position, contact)
SELECT * FROM unnest(%(types)s::text[], %(ids)s::bigint[], %(positions)s::integer[],
    %(contacts)s::bigint[])

-- name: add_comments
INSERT INTO comment (type, record, text)
SELECT type, record, text
FROM unnest(%(types)s::text[], %(ids)s::bigint[], %(texts)s::text[])
    WITH ORDINALITY AS new (type, record, text, number)
ORDER BY number

-- name: add_activities
INSERT INTO activity (type, record, subject, due, responsible)
SELECT type, record, subject, due, responsible
FROM unnest(%(types)s::text[], %(ids)s::bigint[], %(subjects)s::text[], %(dues)s::text[],
    %(doers)s::text[]) WITH ORDINALITY AS new (type, record, subject, due, responsible, number)
ORDER BY number
