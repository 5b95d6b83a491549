"""Version 2: the journal, and the addresses that channels have had."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables, in the SQL of the database."""
    connection = op.get_bind()
    file = Path(__file__).with_suffix(f".{connection.dialect.name}.sql")
    text = re.sub(r"--.*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for statement in filter(None, map(str.strip, text.split(";"))):
        connection.exec_driver_sql(statement)
