-- What must not be in a database, in SQL that every one of them knows. Each statement counts the
-- rows of a kind, and gives the lowest record that has one.

-- name: keys_of_nothing
SELECT count(*), min(record) FROM search_key
WHERE type = '{record}' AND NOT EXISTS (SELECT 1 FROM {record} WHERE {record}.id = search_key.record)

-- name: links_of_nothing
SELECT count(*), min(record) FROM link
WHERE type = '{record}' AND NOT EXISTS (SELECT 1 FROM {record} WHERE {record}.id = link.record)

-- name: links_to_nothing
SELECT count(*), min(record) FROM link
WHERE type = '{record}' AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.id = link.contact)

-- name: comments_of_nothing
SELECT count(*), min(record) FROM comment
WHERE type = '{record}' AND NOT EXISTS (SELECT 1 FROM {record} WHERE {record}.id = comment.record)

-- name: activities_of_nothing
SELECT count(*), min(record) FROM activity
WHERE type = '{record}' AND NOT EXISTS (SELECT 1 FROM {record} WHERE {record}.id = activity.record)
