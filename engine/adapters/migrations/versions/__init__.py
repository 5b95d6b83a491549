"""The revisions: a module each, and its SQL for each kind of database beside it."""
