"""A plan suggested from what a scan found and from how varied the columns are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..finding import Evidence
from ..recognizers import EVIDENCE, RECOGNIZERS
from ..report import FileReport, Table
from . import lexicon
from .plan import DEFAULT_BELOW, Aggregate, Plan, Treatment, treatment
from .running import Profile

ADVICE = ("rows", "drop", "mask", "generalise", "aggregate", "raise")
"""What may be done about a finding, in the order in which it is told; ``rows`` are to be deleted,
``raise`` is the level."""

# What the table is about stays, and is measured as sensitive.
_SENSITIVE = frozenset(kind for kind, r in RECOGNIZERS.items() if r.sensitive)
_COARSER = {kind: r.treatment for kind, r in RECOGNIZERS.items() if r.treatment}
_IDENTIFYING = EVIDENCE[Evidence.NUMBER] | EVIDENCE[Evidence.SERVANT] | EVIDENCE[Evidence.NAME]
_MOST_VALUES = 100


def suggest(
    report: FileReport,
    profile: Profile,
    *,
    k: int = DEFAULT_BELOW,
) -> Plan:
    """Suggest what to do with each column; every column of the file is named in the plan.

    :param report: the scan of the file.
    :param profile: of the table, as :func:`.running.profile_file` gives it.
    :param k: the size of classes that is wanted: rarer values become "lainnya".
    """
    headings, distinct, rows = profile.headings, profile.distinct, profile.rows
    table = _table(report, profile.sheet)
    kinds = [_kinds(table, i) for i in range(len(headings))]
    identifying = any(found & _IDENTIFYING for found in kinds)
    person_level = identifying or bool(table and table.person_level)
    person_level = person_level or any(
        lexicon.is_identifier(h) or lexicon.is_name(h) or lexicon.is_birthday(h) for h in headings
    )
    columns: dict[str, Treatment] = {}
    quasi, sensitive = [], []
    for heading, found, count in zip(headings, kinds, distinct, strict=True):
        action = _action(heading, found, count, rows, person_level=person_level)
        options = {"below": max(k, 2)} if action == "rare" else {}
        columns[heading] = treatment({"do": action, **options}, heading)
        if action == "drop":
            continue
        if found & _SENSITIVE or (lexicon.is_sensitive(heading) and person_level):
            sensitive.append(heading)
        elif action not in ("keep", "pseudonym") or (
            person_level and _is_quasi(heading, count, rows)
        ):
            quasi.append(heading)
    return Plan(
        columns=columns,
        quasi_identifiers=tuple(quasi),
        sensitive=tuple(sensitive),
        suppress_below=k if quasi else 0,
        sheet=profile.sheet if len(profile.sheets) > 1 else None,
    )


MOST_LOST = 0.1
"""The share of rows from which on a plan is shown beside one that loses fewer."""


def gentler(plan: Plan, profile: Profile) -> Plan | None:
    """Return a plan that leaves fewer rows out: without the column that divides them most.

    Of what others may know of a person the finest goes, so that more rows are alike; ``None`` where
    no such column is left.
    """
    varied = dict(zip(profile.headings, profile.distinct, strict=True))
    known = [name for name in plan.quasi_identifiers if name in varied]
    if len(known) < 2:
        return None
    finest = max(known, key=lambda name: varied[name])
    return replace(
        plan,
        columns={**plan.columns, finest: treatment({"do": "drop"}, finest)},
        quasi_identifiers=tuple(name for name in known if name != finest),
    )


def counts(plan: Plan, profile: Profile) -> Plan | None:
    """Return a plan that gives counts by region instead of rows; ``None`` without a region."""
    regions = [
        name
        for name in plan.quasi_identifiers
        if name in profile.headings and lexicon.is_region(name, plan.columns[name].action)
    ]
    if not regions:
        return None
    return replace(plan, suppress_below=0, aggregate=Aggregate((regions[0],), totals=True))


def advice(kind: str, *, within: bool = True, outside: bool = False) -> tuple[str, ...]:
    """Return what may be done about a kind of finding: some of :data:`ADVICE`.

    :param within: some of it stands in the table, whose columns may be treated.
    :param outside: some of it stands above or below the table, where rows may be deleted.

    What a person is (health, religion) says nothing of them once it is counted; what names them is
    taken away or replaced; what describes them may be made coarser. A higher level always helps.
    """
    if not within:
        fits = {"raise"}
    elif kind in _SENSITIVE:
        fits = {"drop", "aggregate", "raise"}
    elif kind in _COARSER:
        fits = {"drop", "generalise", "aggregate", "raise"}
    else:
        fits = {"drop", "mask", "raise"}
    if outside:
        fits.add("rows")
    return tuple(name for name in ADVICE if name in fits)


def _table(report: FileReport, sheet: str | None) -> Table | None:
    """Return the table that is masked; text beside the cells is no table.

    A sheet whose name the report does not tell, since it reveals something, is the only one or
    none: then the headings alone suggest what to do.
    """
    tables = [t for t in report.tables if not (t.name or "").startswith("@")]
    if sheet is None or len(tables) == 1:
        return next(iter(tables), None)
    return next((t for t in tables if t.name == sheet), None)


def _kinds(table: Table | None, position: int) -> frozenset[str]:
    columns = table.columns if table else ()
    return frozenset(f.kind for c in columns if c.index == position for f in c.findings)


def _action(
    heading: str, kinds: Collection[str], distinct: int, rows: int, *, person_level: bool
) -> str:
    remaining = set(kinds) - _SENSITIVE
    if remaining:
        actions = {_COARSER.get(kind, "drop") for kind in remaining}
        # Of several kinds in one column the harder treatment.
        return "drop" if len(actions) > 1 else actions.pop()
    if lexicon.is_birthday(heading) or (person_level and lexicon.is_age(heading)):
        return "age_band"
    if not person_level:
        return "keep"
    if lexicon.is_identifier(heading) or lexicon.is_name(heading):
        return "drop"
    if lexicon.is_address(heading):
        return "kelurahan"
    if lexicon.is_measure(heading) and distinct > 2:
        return "number_band"
    if lexicon.is_quasi(heading) and distinct > 2:
        return "rare"
    return "keep"


def _is_quasi(heading: str, distinct: int, rows: int) -> bool:
    """A heading that says so, or few enough values that people share them."""
    if lexicon.is_quasi(heading) or lexicon.is_measure(heading):
        return True
    return 2 <= distinct <= min(_MOST_VALUES, max(rows // 5, 2))
