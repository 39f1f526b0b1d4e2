"""Rows that people know by a number, and programs by an id."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa

from ckan import model

from ...classification.records import parameters

Row = TypeVar("Row")


def find(
    table: type[Row], asked: str, *numbered: sa.ColumnElement[bool], lock: bool = False
) -> Row | None:
    """Return the row with a number or id, or ``None``.

    :param table: with columns ``number`` and ``id``.
    :param numbered: what must hold as well of a row that is asked for by its number.
    :param lock: hold it until the transaction ends, as it stands now.
    """
    columns: Any = table
    same = columns.id == asked
    if parameters.is_number(asked):
        same = sa.and_(columns.number == int(asked), *numbered)
    query = sa.select(table).where(same)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return model.Session.scalars(query).one_or_none()
