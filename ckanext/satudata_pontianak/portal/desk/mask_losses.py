"""What masking took from a file, in sentences: rows left out, values grouped, changed, emptied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ...classification.records import reads

GROUPED = frozenset({"age_band", "year", "number_band", "kelurahan", "rare"})
UNCHANGING = frozenset({"keep", "drop"})
"""What is done to a column that leaves no value changed in it."""


def sentences(masked: Mapping[str, Any]) -> list[str]:
    """Return what a masked file lost, in the reader's language.

    :param masked: what was measured: ``Outcome.to_json``, as a version keeps it.
    """
    rows, left = int(masked.get("rows") or 0), int(masked.get("removed") or 0)
    counted = masked.get("aggregate")
    if counted:
        said = [
            tk._("Counts of %(rows)s rows instead of the rows; %(hidden)s counts are hidden.")
            % {
                "rows": tk.h.satudata_number(rows),
                "hidden": tk.h.satudata_number(int(counted["small"]) + int(counted["protecting"])),
            }
        ]
    elif left:
        said = [
            tk._("%(left)s of %(rows)s rows (%(share)s) are left out: too few are like them.")
            % {
                "left": tk.h.satudata_number(left),
                "rows": tk.h.satudata_number(rows),
                "share": tk.h.satudata_share(left / max(left, rows)),
            }
        ]
    else:
        said = [tk._("All %(rows)s rows are there.") % {"rows": tk.h.satudata_number(rows)}]
    dropped = []
    for column in masked.get("columns") or ():
        name, action = str(column["name"]), column["action"]
        changed, emptied = int(column.get("changed") or 0), int(column["emptied"])
        emptied += int(column["repeated"])
        if action == "drop":
            dropped.append(name)
            continue
        told = {
            "column": name,
            "changed": tk.h.satudata_number(changed),
            "emptied": tk.h.satudata_number(emptied),
        }
        if changed and action in GROUPED:
            said.append(tk._("%(column)s: %(changed)s values are grouped.") % told)
        elif changed:
            said.append(tk._("%(column)s: %(changed)s values are changed.") % told)
        if emptied:
            said.append(tk._("%(column)s: %(emptied)s values are emptied.") % told)
    if dropped:
        said.append(tk._("Taken away: %(columns)s.") % {"columns": ", ".join(dropped)})
    if masked.get("workbook"):
        said.append(
            tk._(
                "It was made from a workbook: notes, formulas and other sheets are not in this CSV."
            )
        )
    return said


def unrecorded(masked: Mapping[str, Any]) -> list[str]:
    """Return what is not known of a version that was masked before all of this was kept.

    :param masked: what a version keeps of it.
    """
    if "rows" not in masked:
        return [tk._("What masking took from this file is not recorded.")]
    said = []
    if any(
        "changed" not in column
        for column in masked.get("columns") or ()
        if column["action"] not in UNCHANGING
    ):
        said.append(
            tk._(
                "How many values were grouped or changed is not recorded: the file was masked "
                "before that was counted."
            )
        )
    if "workbook" not in masked:
        said.append(
            tk._(
                "Whether it was made from a workbook is not recorded; notes, formulas and other "
                "sheets of one would not be in this CSV."
            )
        )
    return said


def satudata_mask_losses(masked: Mapping[str, Any] | None) -> list[str]:
    """Return what masking took from a version, in sentences; none where it was not masked here."""
    if masked is None:
        return []
    return [*(sentences(masked) if "rows" in masked else ()), *unrecorded(masked)]


def satudata_mask_unrecorded(masked: Mapping[str, Any] | None) -> bool:
    """Tell whether some of what masking took from a version is not known."""
    return masked is not None and bool(unrecorded(masked))


def satudata_served_losses(dataset_id: str, resource_id: str) -> list[str]:
    """Return what masking took from the file that is served, for the page of an open one."""
    found = reads.pointers_of([dataset_id]).get(resource_id)
    return satudata_mask_losses(found[1].masked) if found else []


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    helpers = (satudata_mask_losses, satudata_mask_unrecorded, satudata_served_losses)
    return {f.__name__: f for f in helpers}
