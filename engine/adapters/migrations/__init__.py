"""From each version of the tables to the next; alembic runs the revisions in versions/."""
