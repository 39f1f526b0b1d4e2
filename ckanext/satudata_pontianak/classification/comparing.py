"""What changed between the approved version and the one that waits: pure, over two scans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Table = dict[str, Any]


def _tables(report: Mapping[str, Any]) -> dict[str, Table]:
    """Return table name → its rows, columns and findings; a table without a name is one."""
    result: dict[str, Table] = {}
    for file in report.get("files", ()):
        for table in file.get("tables", ()):
            columns = [
                c["name"] if c.get("name") is not None else f"#{c['index']}"
                for c in table.get("columns", ())
            ]
            found = {
                (column, finding["kind"]): int(finding["count"])
                for column, spec in zip(columns, table.get("columns", ()), strict=True)
                for finding in spec.get("findings", ())
            }
            name = str(table.get("name") or "")
            result[name] = {"rows": int(table["rows"]), "columns": columns, "found": found}
    return result


EMPTY: Table = {"rows": 0, "columns": [], "found": {}}


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Compare two reports of a scan, table by table.

    :returns: for each table ``table``, ``rows_before``, ``rows_after``, ``columns_added``,
        ``columns_removed``, ``findings_added`` and ``findings_gone`` (column, kind, count).
    """
    old, new = _tables(before), _tables(after)
    if len(old) == len(new) == 1:
        # A single table keeps being that table, also when the file or the sheet was renamed.
        old = {next(iter(new)): next(iter(old.values()))}
    result = []
    for name in dict.fromkeys([*new, *old]):
        one, two = old.get(name, EMPTY), new.get(name, EMPTY)
        result.append(
            {
                "table": name,
                "rows_before": one["rows"],
                "rows_after": two["rows"],
                "columns_added": [c for c in two["columns"] if c not in one["columns"]],
                "columns_removed": [c for c in one["columns"] if c not in two["columns"]],
                "findings_added": _only(two["found"], one["found"]),
                "findings_gone": _only(one["found"], two["found"]),
            }
        )
    return result


def _only(these: Mapping[Any, int], those: Mapping[Any, int]) -> list[dict[str, Any]]:
    return [
        {"column": column, "kind": kind, "count": count}
        for (column, kind), count in these.items()
        if (column, kind) not in those
    ]
