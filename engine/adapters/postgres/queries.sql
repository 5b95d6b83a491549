-- The statements of the PostgreSQL store. Each stands under its name; {record} is contact, lead or
-- deal, and the loader makes one statement of each. Keys come as two arrays of equal length, their
-- fields and their values. Every statement sees what was committed before it began.
--
-- Plans are made while tables may be empty and are kept while they grow. OFFSET 0 keeps a subquery
-- as it is: one descent of an index for each key, at any size.

-- name: claim
-- Lock the rows of keys, or make them; in the order of the keys, so that two units of work that
-- claim the same keys wait for one another and never in a circle.
INSERT INTO claim (type, field, value)
SELECT '{record}', key.field, key.value
FROM unnest(%(key_fields)s::text[], %(key_values)s::text[]) AS key (field, value)
ORDER BY key.field COLLATE "C", key.value COLLATE "C"
ON CONFLICT (type, field, value) DO UPDATE SET type = excluded.type

-- name: claim_searched
-- The same for keys that are going to be written, those of fields that anybody searches by.
INSERT INTO claim (type, field, value)
SELECT '{record}', key.field, key.value
FROM unnest(%(key_fields)s::text[], %(key_values)s::text[]) AS key (field, value)
WHERE EXISTS (
    SELECT 1 FROM claim AS searched
    WHERE searched.type = '{record}' AND searched.field = key.field AND searched.value = ''
    OFFSET 0
)
ORDER BY key.field COLLATE "C", key.value COLLATE "C"
ON CONFLICT (type, field, value) DO UPDATE SET type = excluded.type

-- name: searched_fields
-- Which of some fields are searched by.
SELECT field FROM claim
WHERE type = '{record}' AND field = ANY(%(names)s::text[]) AND value = ''

-- name: search_fields
-- From now on some fields are searched by.
INSERT INTO claim (type, field, value)
SELECT '{record}', name, '' FROM unnest(%(names)s::text[]) AS name
ON CONFLICT (type, field, value) DO NOTHING

-- name: lock_by_key
-- Lock the records that any of the keys leads to.
SELECT id FROM {record}
WHERE id = ANY (ARRAY(
    SELECT led.record
    FROM unnest(%(key_fields)s::text[], %(key_values)s::text[]) AS key (field, value)
    CROSS JOIN LATERAL (
        SELECT record FROM search_key
        WHERE type = '{record}' AND field = key.field AND value = key.value
        OFFSET 0
    ) AS led
))
ORDER BY id FOR UPDATE

-- name: find_by_key
-- The records that any of the keys leads to, each once, with the contacts they are linked to.
SELECT id, status, responsible, fields, types, ARRAY(
    SELECT link.contact FROM link
    WHERE link.type = '{record}' AND link.record = {record}.id ORDER BY link.position
)
FROM {record}
WHERE id = ANY (ARRAY(
    SELECT led.record
    FROM unnest(%(key_fields)s::text[], %(key_values)s::text[]) AS key (field, value)
    CROSS JOIN LATERAL (
        SELECT record FROM search_key
        WHERE type = '{record}' AND field = key.field AND value = key.value
        OFFSET 0
    ) AS led
))
ORDER BY id

-- name: find_by_keys
-- The same for several units of work: with the number of the one that asks by the key, and as often
-- as its keys lead to a record.
SELECT key.number, found.id, found.status, found.responsible, found.fields, found.types, ARRAY(
    SELECT link.contact FROM link
    WHERE link.type = '{record}' AND link.record = found.id ORDER BY link.position
)
FROM unnest(%(numbers)s::integer[], %(key_fields)s::text[], %(key_values)s::text[])
    AS key (number, field, value)
CROSS JOIN LATERAL (
    SELECT record FROM search_key
    WHERE type = '{record}' AND field = key.field AND value = key.value
    OFFSET 0
) AS led
CROSS JOIN LATERAL (SELECT * FROM {record} WHERE id = led.record OFFSET 0) AS found
ORDER BY found.id

-- name: lock_by_contact
-- Lock the records linked to any of the contacts, in any of the statuses where those are given.
SELECT id FROM {record}
WHERE id = ANY (ARRAY(
    SELECT record FROM link WHERE type = '{record}' AND contact = ANY(%(contacts)s::bigint[])
))
AND (%(statuses)s::text[] IS NULL OR status = ANY(%(statuses)s::text[]))
ORDER BY id FOR UPDATE

-- name: find_by_contact
-- The records linked to any of the contacts, in any of the statuses where those are given.
SELECT id, status, responsible, fields, types, ARRAY(
    SELECT link.contact FROM link
    WHERE link.type = '{record}' AND link.record = {record}.id ORDER BY link.position
)
FROM {record}
WHERE id = ANY (ARRAY(
    SELECT record FROM link WHERE type = '{record}' AND contact = ANY(%(contacts)s::bigint[])
))
AND (%(statuses)s::text[] IS NULL OR status = ANY(%(statuses)s::text[]))
ORDER BY id

-- name: lock
SELECT id FROM {record} WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR UPDATE

-- name: read
SELECT id, status, responsible, fields, types, ARRAY(
    SELECT link.contact FROM link
    WHERE link.type = '{record}' AND link.record = {record}.id ORDER BY link.position
)
FROM {record} WHERE id = ANY(%(ids)s::bigint[])

-- name: read_all
-- Every record, for looking at what a store holds.
SELECT id, status, responsible, fields, types, ARRAY(
    SELECT link.contact FROM link
    WHERE link.type = '{record}' AND link.record = {record}.id ORDER BY link.position
)
FROM {record} ORDER BY id

-- name: read_keys
SELECT record, field, value FROM search_key
WHERE type = '{record}' AND record = ANY(%(ids)s::bigint[])

-- name: create
-- A record with its keys, links, comment and activity. A link without a contact is one to the
-- contact that this unit of work has created.
WITH made AS (
    INSERT INTO {record} (status, responsible, fields, types)
    VALUES (%(status)s, %(responsible)s, %(fields)s, %(types)s)
    RETURNING id
), keys AS (
    INSERT INTO search_key (type, field, value, record)
    SELECT '{record}', key.field, key.value, made.id
    FROM made, unnest(%(key_fields)s::text[], %(key_values)s::text[]) AS key (field, value)
), links AS (
    INSERT INTO link (type, record, position, contact)
    SELECT '{record}', made.id, place.number - 1, coalesce(place.contact, currval('contact_id_seq'))
    FROM made, unnest(%(links)s::bigint[]) WITH ORDINALITY AS place (contact, number)
), comments AS (
    INSERT INTO comment (type, record, text)
    SELECT '{record}', id, %(comment)s::text FROM made WHERE %(comment)s::text IS NOT NULL
), activities AS (
    INSERT INTO activity (type, record, subject, due, responsible)
    SELECT '{record}', id, %(subject)s::text, %(due)s::text, %(doer)s::text
    FROM made WHERE %(subject)s::text IS NOT NULL
)
SELECT id FROM made

-- name: change
-- A record that is there, locked: its columns where they differ, the keys dropped and added, the
-- links added from a position on, comment and activity.
WITH changed AS (
    UPDATE {record} SET status = %(status)s::text, responsible = %(responsible)s::text,
        fields = %(fields)s::text, types = %(types)s::text
    WHERE id = %(id)s::bigint AND (status, responsible, fields, types) IS DISTINCT FROM
        (%(status)s::text, %(responsible)s::text, %(fields)s::text, %(types)s::text)
), dropped AS (
    DELETE FROM search_key
    USING unnest(%(old_fields)s::text[], %(old_values)s::text[]) AS key (field, value)
    WHERE search_key.type = '{record}' AND search_key.field = key.field
        AND search_key.value = key.value AND search_key.record = %(id)s::bigint
), keys AS (
    INSERT INTO search_key (type, field, value, record)
    SELECT '{record}', key.field, key.value, %(id)s::bigint
    FROM unnest(%(key_fields)s::text[], %(key_values)s::text[]) AS key (field, value)
), links AS (
    INSERT INTO link (type, record, position, contact)
    SELECT '{record}', %(id)s::bigint, %(linked)s::integer + place.number - 1,
        coalesce(place.contact, currval('contact_id_seq'))
    FROM unnest(%(links)s::bigint[]) WITH ORDINALITY AS place (contact, number)
), comments AS (
    INSERT INTO comment (type, record, text)
    SELECT '{record}', %(id)s::bigint, %(comment)s::text WHERE %(comment)s::text IS NOT NULL
), activities AS (
    INSERT INTO activity (type, record, subject, due, responsible)
    SELECT '{record}', %(id)s::bigint, %(subject)s::text, %(due)s::text, %(doer)s::text
    WHERE %(subject)s::text IS NOT NULL
)
SELECT %(id)s::bigint

-- name: next_ids
-- Ids for records that are going to be created.
SELECT nextval('{record}_id_seq') FROM generate_series(1, %(count)s)

-- name: change_records
-- Many records that are there, locked: their columns where they differ.
UPDATE {record} SET status = new.status, responsible = new.responsible, fields = new.fields,
    types = new.types
FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(responsibles)s::text[], %(fields)s::text[],
    %(types)s::text[]) AS new (id, status, responsible, fields, types)
WHERE {record}.id = new.id AND ({record}.status, {record}.responsible, {record}.fields,
    {record}.types) IS DISTINCT FROM (new.status, new.responsible, new.fields, new.types)

-- name: add_records
-- Many records under their own ids.
INSERT INTO {record} (id, status, responsible, fields, types)
SELECT * FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(responsibles)s::text[],
    %(fields)s::text[], %(types)s::text[])

-- name: add_keys
-- The keys of many records.
INSERT INTO search_key (type, field, value, record)
SELECT '{record}', * FROM unnest(%(key_fields)s::text[], %(key_values)s::text[], %(ids)s::bigint[])

-- name: add_links
-- The links of many records.
INSERT INTO link (type, record, position, contact)
SELECT '{record}', * FROM unnest(%(ids)s::bigint[], %(positions)s::integer[], %(contacts)s::bigint[])

-- name: go_on
-- New records get ids above those that were added; never below those that were given out.
SELECT setval('{record}_id_seq', %(last)s::bigint) FROM {record}_id_seq
WHERE last_value <= %(last)s::bigint

-- name: read_comments
SELECT text FROM comment WHERE type = '{record}' AND record = %(id)s::bigint ORDER BY id

-- name: read_activities
SELECT subject, due, responsible FROM activity
WHERE type = '{record}' AND record = %(id)s::bigint ORDER BY id
