"""What changed between the approved version and the one that waits: pure, over two scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypedDict

from ...metadata.rates import is_rate
from ...metadata.roles import Column, unit_of

Table = dict[str, Any]


class Change(TypedDict):
    """What a column was, and is."""

    column: str
    before: str
    after: str


class Total(Change):
    """The sum of a column, in both versions."""

    percent: float | None


class KindCount(TypedDict):
    """How many cells of a kind were found before and now."""

    kind: str
    before: int
    after: int


class FoundIn(TypedDict):
    """What was found in a column of one version only."""

    column: str
    kind: str
    count: int


class TableChange(TypedDict):
    """What changed in the form of a table."""

    table: str
    rows_before: int
    rows_after: int
    columns: Annotated[int, "how many"]
    columns_added: list[str]
    columns_removed: list[str]
    columns_renamed: list[Change]
    columns_retyped: list[Change]


class Compared(TableChange):
    """A table of the approved version beside that of the one that waits."""

    findings: list[KindCount]
    findings_added: list[FoundIn]
    findings_gone: list[FoundIn]
    same: Annotated[bool, "nothing differs but rows and totals"]
    totals: Annotated[list[Total] | None, "`null` for who may not have both versions"]


def _names(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a name for each column: its heading, its number without one, each name once."""
    result: list[str] = []
    taken: dict[str, int] = {}
    for column in columns:
        heading = column.get("name")
        name = f"#{column['index']}" if heading is None else str(heading)
        taken[name] = taken.get(name, 0) + 1
        result.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return result


def _tables(report: Mapping[str, Any]) -> dict[str, Table]:
    """Return table name → its rows, columns and findings; a table without a name is one."""
    result: dict[str, Table] = {}
    for file in report.get("files", ()):
        for table in file.get("tables", ()):
            specs = table.get("columns", ())
            columns = dict(zip(_names(specs), specs, strict=True))
            found = {
                (name, finding["kind"]): int(finding["count"])
                for name, spec in columns.items()
                for finding in spec.get("findings", ())
            }
            name = str(table.get("name") or "")
            result[name] = {"rows": int(table["rows"]), "columns": columns, "found": found}
    return result


EMPTY: Table = {"rows": 0, "columns": {}, "found": {}}


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], *, totals: bool = True
) -> list[Compared]:
    """Compare two reports of a scan, table by table.

    :param totals: give the sums of columns too; they say something of the data themselves.
    """
    return [_table(name, one, two, totals=totals) for name, one, two in _pairs(before, after)]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[TableChange]:
    """Compare the form alone of what two reports of a scan tell of, table by table."""
    pairs = _pairs(before, after)
    return [_form(name, one, two["columns"], two["rows"]) for name, one, two in pairs]


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Table, Table]]:
    """Return each table by its name, as it was with its columns under their new names, and is."""
    old, new = _tables(before), _tables(after)
    if len(old) == len(new) == 1:
        # A single table keeps being that table, also when the file or the sheet was renamed.
        old = {next(iter(new)): next(iter(old.values()))}
    names = dict.fromkeys([*new, *old])
    pairs = [(name, old.get(name, EMPTY), new.get(name, EMPTY)) for name in names]
    return [(name, _as_now(one, two), two) for name, one, two in pairs]


def _as_now(one: Table, two: Table) -> Table:
    """Return a table in which a renamed column is one column, under its new name."""
    renamed = _renamed(one["columns"], two["columns"])

    def now(name: str) -> str:
        return renamed.get(name, name)

    return {
        "rows": one["rows"],
        "columns": {now(key): spec for key, spec in one["columns"].items()},
        "found": {(now(column), kind): count for (column, kind), count in one["found"].items()},
        "renamed": renamed,
    }


def _form(name: str, old: Table, new: Mapping[str, Any], rows: int) -> TableChange:
    renamed = old["renamed"].items()
    return {
        "table": name,
        "rows_before": old["rows"],
        "rows_after": rows,
        "columns": len(new),
        "columns_added": [column for column in new if column not in old["columns"]],
        "columns_removed": [column for column in old["columns"] if column not in new],
        "columns_renamed": [{"column": b, "before": a, "after": b} for a, b in renamed],
        "columns_retyped": _retyped(old["columns"], new),
    }


def _table(name: str, one: Table, two: Table, *, totals: bool) -> Compared:
    form = _form(name, one, two["columns"], two["rows"])
    added, gone = _only(two["found"], one["found"]), _only(one["found"], two["found"])
    differs = any(value for key, value in form.items() if key.startswith("columns_"))
    return {
        **form,
        "findings": _kinds(one["found"], two["found"]),
        "findings_added": added,
        "findings_gone": gone,
        "same": bool(one["columns"]) and not (differs or added or gone),
        "totals": _totals(one["columns"], two["columns"]) if totals else None,
    }


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return old name → new name where one column took another's place.

    That is so where as many columns came as went, and each stands where one stood.
    """
    gone = [(spec.get("index"), key) for key, spec in old.items() if key not in new]
    came = [(spec.get("index"), key) for key, spec in new.items() if key not in old]
    if [place for place, _ in gone] != [place for place, _ in came]:
        return {}
    pairs = zip(gone, came, strict=True)
    return {a: b for (_, a), (_, b) in pairs if _alike(old[a], new[b])}


def _alike(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Tell whether two columns may be one: the same type and the same kinds of findings."""
    kinds = [sorted(f["kind"] for f in column.get("findings", ())) for column in (one, two)]
    same = one.get("type") is not None and one.get("type") == two.get("type")
    return same and kinds[0] == kinds[1]


def _retyped(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    result: list[Change] = []
    for name, spec in new.items():
        was, now = old.get(name, {}).get("type"), spec.get("type")
        # An empty column says nothing, and scans of before know no types.
        if was and now and was != now and "empty" not in (was, now):
            result.append({"column": name, "before": was, "after": now})
    return result


def _totals(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Total]:
    """Return the sums that both versions have, and by how many percent they differ."""
    result: list[Total] = []
    for name, spec in new.items():
        if _is_share(name):
            continue
        was, now = _total(old.get(name, {})), _total(spec)
        if was is None or now is None:
            continue
        percent = float(round((now - was) / abs(was) * 100, 1)) if was else None
        if was == now:
            percent = 0.0
        result.append({"column": name, "before": str(was), "after": str(now), "percent": percent})
    return result


def _is_share(name: str) -> bool:
    """Tell whether a column holds percentages, densities or the like: their sum says nothing."""
    column = Column(name)
    return "%" in name or is_rate(column, unit_of(column))


def _total(column: Mapping[str, Any]) -> Decimal | None:
    if column.get("findings") or column.get("total") is None:
        return None
    return Decimal(str(column["total"]))


def _kinds(
    old: Mapping[tuple[str, str], int], new: Mapping[tuple[str, str], int]
) -> list[KindCount]:
    """Return how many cells of each kind were found before and now."""
    counts: dict[str, list[int]] = {}
    for side, found in enumerate((old, new)):
        for (_, kind), count in found.items():
            counts.setdefault(kind, [0, 0])[side] += count
    return [
        {"kind": kind, "before": before, "after": after}
        for kind, (before, after) in sorted(counts.items())
    ]


def _only(these: Mapping[Any, int], those: Mapping[Any, int]) -> list[FoundIn]:
    return [
        {"column": column, "kind": kind, "count": count}
        for (column, kind), count in these.items()
        if (column, kind) not in those
    ]
