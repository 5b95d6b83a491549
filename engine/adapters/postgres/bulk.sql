-- The statements of a PostgreSQL database as a whole. A list of ids is an array.

-- name: read_some
-- Those of a list of records that are there.
SELECT id, status, responsible, fields, types FROM {record} WHERE id = ANY(%s::bigint[])

-- name: read_page
-- The next records behind an id.
SELECT id, status, responsible, fields, types FROM {record} WHERE id > %s ORDER BY id LIMIT %s

-- name: which
-- Those of a list of ids that are taken, locked: a link to them is written.
SELECT id FROM {record} WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE

-- name: read_keys
SELECT record, field, value FROM search_key WHERE type = '{record}' AND record = ANY(%s::bigint[])

-- name: read_links
SELECT record, contact FROM link
WHERE type = '{record}' AND record = ANY(%s::bigint[]) ORDER BY record, position

-- name: read_comments
SELECT record, text FROM comment
WHERE type = '{record}' AND record = ANY(%s::bigint[]) ORDER BY id

-- name: read_activities
SELECT record, subject, due, responsible FROM activity
WHERE type = '{record}' AND record = ANY(%s::bigint[]) ORDER BY id

-- name: create
COPY {record} (id, status, responsible, fields, types) FROM STDIN

-- name: add_key
COPY search_key (type, field, value, record) FROM STDIN

-- name: add_link
COPY link (type, record, position, contact) FROM STDIN

-- name: add_comment
COPY comment (type, record, text) FROM STDIN

-- name: add_activity
COPY activity (type, record, subject, due, responsible) FROM STDIN

-- name: count
SELECT count(*) FROM {record}

-- name: shared
-- The keys of phones and e-mails that lead to several records, in the order of the tree.
SELECT field, value, count(*) FROM search_key
WHERE type = '{record}' AND upper(field) IN ('PHONE', 'EMAIL')
GROUP BY field, value HAVING count(*) > 1 ORDER BY field, value

-- name: led_to
-- The first records that a key leads to.
SELECT record FROM search_key WHERE type = '{record}' AND field = %s AND value = %s
ORDER BY record LIMIT %s
