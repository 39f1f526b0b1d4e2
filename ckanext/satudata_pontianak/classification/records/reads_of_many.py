"""All that a page of datasets needs of our tables, with one query whatever their number."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from ckan import model

from ... import days
from ..rules.policy import Facts
from . import reads, rulesets
from .model import Case, Decision, Scan, Version

Row = TypeVar("Row", Version, Decision, Case)

_PAGE = """
    WITH facts AS ({facts})
    SELECT facts.*,
           (SELECT to_jsonb(d) FROM satudata_decision d
             WHERE d.package_id = facts.id AND d.in_force){cast} AS decision,
           (SELECT jsonb_agg(jsonb_build_object(
                     'id', v.id, 'package_id', v.package_id, 'resource_id', q.resource_id,
                     'kind', v.kind, 'meta', v.meta, 'tabled', v.tabled, 'sha256', v.sha256,
                     'tidied', CASE WHEN v.tidied IS NOT NULL
                       THEN jsonb_build_object('source', v.tidied->'source') END))
              FROM satudata_pointer q JOIN satudata_version v ON v.id = q.version_id
             WHERE q.package_id = facts.id){cast} AS approved,
           {more}
      FROM facts
"""
_MORE = f"""
           CASE WHEN :reviewing THEN (SELECT to_jsonb(c) FROM satudata_case c
             WHERE c.package_id = facts.id AND c.ended_at IS NULL)
           END AS open_case,
           CASE WHEN :reviewing THEN (
             SELECT jsonb_agg(jsonb_build_object('version', to_jsonb(v), 'verdict', s.verdict)
                              ORDER BY v.created, v.id)
               FROM satudata_version v
               LEFT JOIN LATERAL ({rulesets.VERDICT}) s ON true
              WHERE v.package_id = facts.id AND v.state = 'waiting')
           END AS waiting"""  # noqa: S608 -- our own text, no value in it
_IDS = sa.bindparam("ids", expanding=True)
_FULL = sa.text(_PAGE.format(facts=reads.FACTS.text, more=_MORE, cast="")).bindparams(_IDS)
_NO_MORE = "NULL AS open_case, NULL AS waiting"
_PUBLIC = sa.text(_PAGE.format(facts=reads.FACTS_FOR_NOBODY, more=_NO_MORE, cast="")).bindparams(
    _IDS
)


@dataclass
class Page:
    """Our rows about a set of datasets."""

    facts: dict[str, Facts] = field(default_factory=dict)
    approved: dict[str, Version] = field(default_factory=dict)  # by resource; a part of each row
    waiting: dict[str, list[Version]] = field(default_factory=dict)  # by resource
    scans: dict[str, Scan] = field(default_factory=dict)  # by version
    decisions: dict[str, Decision] = field(default_factory=dict)  # by dataset
    cases: dict[str, Case] = field(default_factory=dict)  # by dataset


def read(dataset_ids: Iterable[str], *, reviewing: bool, nobody: bool = False) -> Page:
    """Read what is known of these datasets.

    The rows are copies: changing one changes nothing in the database.

    :param reviewing: also read what waits; not needed for a reader who may not see it.
    :param nobody: the reader has no name: without cases, duties and grants, which the facts of the
        answer then lack.
    """
    ids = list(dict.fromkeys(dataset_ids))
    page = Page()
    if not ids:
        return page
    asked = {
        "ids": ids,
        "today": days.today(),
        "reviewing": reviewing,
        "newest": rulesets.newest(),
    }
    if nobody:
        rows = model.Session.execute(_PUBLIC, {"ids": ids})
    else:
        rows = model.Session.execute(_FULL, asked)
    for row in rows:
        take(page, row, reads.facts_from(row))
    return page


def for_nobody(facts: str) -> sa.TextClause:
    """Return a query of facts, with what a page for a reader without a name needs besides.

    That comes as text, which is read when it is taken: of what is not, it costs next to nothing.
    """
    return sa.text(_PAGE.format(facts=facts, more=_NO_MORE, cast="::text"))


def take(page: Page, row: Any, facts: Facts) -> None:
    """Take a row of such a query into a page."""
    page.facts[row.id] = facts
    for item in _read_json(row.approved) or ():
        page.approved[item["resource_id"]] = _copy(Version, item)
    decision = _read_json(row.decision)
    if decision:
        page.decisions[row.id] = _copy(Decision, decision)
    if row.open_case:
        page.cases[row.id] = _copy(Case, row.open_case)
    for item in row.waiting or ():
        version = _copy(Version, item["version"])
        page.waiting.setdefault(version.resource_id, []).append(version)
        if item["verdict"]:
            page.scans[version.id] = Scan(version_id=version.id, verdict=item["verdict"])


def _read_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _days_and_moments(table: Any) -> dict[str, Callable[[str], Any]]:
    """Return what reads the columns that PostgreSQL writes as text within JSON."""
    read: dict[str, Callable[[str], Any]] = {}
    for column in table.__table__.columns:
        if isinstance(column.type, sa.DateTime):
            read[column.key] = dt.datetime.fromisoformat
        elif isinstance(column.type, sa.Date):
            read[column.key] = dt.date.fromisoformat
    return read


_READ = {table: _days_and_moments(table) for table in (Version, Decision, Case)}


def _copy(table: type[Row], values: dict[str, Any]) -> Row:
    """Return a row's values by name. A mapped object would cost a search half of its time."""
    for key, read in _READ[table].items():
        if values.get(key) is not None:
            values[key] = read(values[key])
    return cast(Row, SimpleNamespace(**values))
