"""What is asked of the database while something runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from ckan import model


@contextmanager
def statements(counts: Callable[[str], bool] = lambda _: True) -> Iterator[list[str]]:
    """Collect the statements that reach the database, those that count."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if counts(statement):
            said.append(statement)

    engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
