"""A plan: what is done with each column, and what is measured afterwards.

As JSON::

    {"columns": {"nik": {"do": "drop"}, "tanggal_lahir": {"do": "age_band", "width": 10}},
     "others": "keep", "quasi_identifiers": ["tanggal_lahir"], "sensitive": [],
     "suppress_below": 5, "aggregate": {"by": ["tanggal_lahir"], "totals": true}}

Everything but ``columns`` may be left out; ``sheet`` names one of several sheets of a workbook. A
column that is not named is kept, or dropped where ``others`` says so.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .refusals import PlanError

MOST_KEPT = 2
DEFAULT_BELOW = 5
MOST_GROUP_COLUMNS = 4
# Action → its options with their defaults; ``None`` is set when the plan is carried out.
ACTIONS: dict[str, dict[str, Any]] = {
    "keep": {},
    "drop": {"elsewhere": None},
    "mask": {"first": 1, "last": 0},
    "pseudonym": {"domain": None},
    "age_band": {"width": 5, "top": 75, "on": None},
    "year": {},
    "number_band": {"width": 10},
    "kelurahan": {},
    "rare": {"below": DEFAULT_BELOW},
}
# After these no original value of the column may stand in its row, in whatever column. Of what is
# dropped that holds where its values are of single persons, unless the plan says ``elsewhere``: a
# place of birth may well stand as the place of living.
PROTECTING = frozenset({"drop", "mask", "pseudonym", "age_band", "kelurahan"})
KEYS = (
    "columns",
    "others",
    "quasi_identifiers",
    "sensitive",
    "suppress_below",
    "aggregate",
    "sheet",
)


@dataclass(frozen=True)
class Treatment:
    """What is done with one column."""

    action: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, option: str) -> Any:
        return self.options[option]

    def protects(self, *, of_persons: bool) -> bool:
        """Tell whether the original values may stand nowhere in their rows of the result.

        :param of_persons: the values are of single persons, as numbers and names are.
        """
        if self.action != "drop":
            return self.action in PROTECTING
        elsewhere = self.options.get("elsewhere")
        return of_persons if elsewhere is None else not elsewhere

    def to_json(self) -> dict[str, Any]:
        defaults = ACTIONS[self.action]
        changed = {k: v for k, v in self.options.items() if v != defaults[k]}
        return {"do": self.action, **changed}


KEEP = Treatment("keep")
DROP = Treatment("drop", {"elsewhere": None})


@dataclass(frozen=True)
class Aggregate:
    """Count rows by these columns instead of giving them; ``totals``: give margins as well."""

    by: tuple[str, ...]
    totals: bool = False


@dataclass(frozen=True)
class Plan:
    """What is done with a table. Columns are named as in the file's headings."""

    columns: Mapping[str, Treatment] = field(default_factory=dict)
    others: Treatment = KEEP
    quasi_identifiers: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    suppress_below: int = 0
    aggregate: Aggregate | None = None
    sheet: str | None = None
    """Which sheet of a workbook; it has to be said where there are several."""

    @classmethod
    def read(cls, text: str) -> Plan:
        """Read a plan from JSON.

        :raises PlanError: it is none, saying where.
        """
        try:
            data = json.loads(text)
        except ValueError:
            raise PlanError("plan_not_json") from None
        return cls.of(data)

    @classmethod
    def of(cls, data: object) -> Plan:
        """Check a plan that was read.

        :raises PlanError: it is none, saying where.
        """
        document = _mapping(data, "plan")
        for key in document:
            if key not in KEYS:
                raise PlanError("unknown_option", option=str(key), action="plan", known=_join(KEYS))
        others = document.get("others", "keep")
        if others not in ("keep", "drop"):
            raise PlanError("plan_shape", where="others", expected="keep, drop")
        treated = _mapping(document.get("columns", {}), "columns")
        return cls(
            columns={str(name): treatment(item, str(name)) for name, item in treated.items()},
            others=KEEP if others == "keep" else DROP,
            quasi_identifiers=_names(document.get("quasi_identifiers", []), "quasi_identifiers"),
            sensitive=_names(document.get("sensitive", []), "sensitive"),
            suppress_below=_whole(document.get("suppress_below", 0), "suppress_below", 0, 1000),
            aggregate=_aggregate(document.get("aggregate")),
            sheet=_sheet(document.get("sheet")),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the document that :meth:`of` reads."""
        document: dict[str, Any] = {
            "columns": {name: item.to_json() for name, item in self.columns.items()},
            "others": self.others.action,
            "quasi_identifiers": list(self.quasi_identifiers),
            "sensitive": list(self.sensitive),
        }
        if self.suppress_below:
            document["suppress_below"] = self.suppress_below
        if self.aggregate:
            document["aggregate"] = {"by": list(self.aggregate.by), "totals": self.aggregate.totals}
        if self.sheet is not None:
            document["sheet"] = self.sheet
        return document

    @property
    def needs_secret(self) -> bool:
        """A column becomes a pseudonym."""
        return any(item.action == "pseudonym" for item in self.columns.values())


def treatment(data: object, where: str) -> Treatment:
    """Check what is to be done with one column.

    :param data: ``{"do": action, option: value}``, or the action alone.
    :raises PlanError: unknown action or option, or a value that is not possible.
    """
    item = {"do": data} if isinstance(data, str) else _mapping(data, where)
    action = item.get("do")
    if not isinstance(action, str) or action not in ACTIONS:
        raise PlanError("unknown_action", action=str(action)[:60], known=_join(ACTIONS))
    defaults = ACTIONS[action]
    options = dict(defaults)
    for name, value in item.items():
        if name == "do":
            continue
        if name not in defaults:
            raise PlanError(
                "unknown_option", option=str(name)[:60], action=action, known=_join(defaults) or "–"
            )
        options[name] = _option(name, value, where)
    if action == "mask" and options["first"] + options["last"] > MOST_KEPT:
        raise PlanError("plan_shape", where=where, expected=f"first + last <= {MOST_KEPT}")
    return Treatment(action, options)


_RANGES = {"first": (0, 2), "last": (0, 2), "width": (2, 100_000), "top": (20, 120)}


def _option(name: str, value: object, where: str) -> Any:
    if name in _RANGES:
        return _whole(value, f"{where}.{name}", *_RANGES[name])
    if name == "below":
        return _whole(value, f"{where}.{name}", 2, 1_000_000)
    if name == "elsewhere":
        if not isinstance(value, bool):
            raise PlanError("plan_shape", where=f"{where}.{name}", expected="true, false")
        return value
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise PlanError("plan_shape", where=f"{where}.{name}", expected="text")
    if name == "on":
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            raise PlanError("plan_shape", where=f"{where}.on", expected="YYYY-MM-DD") from None
    return value


def _sheet(data: object) -> str | None:
    if data is None:
        return None
    if not isinstance(data, str) or not 0 < len(data) <= 100:
        raise PlanError("plan_shape", where="sheet", expected="text")
    return data


def _aggregate(data: object) -> Aggregate | None:
    if data is None:
        return None
    item = _mapping(data, "aggregate")
    by = _names(item.get("by", []), "aggregate.by")
    totals = item.get("totals", False)
    if not by or not isinstance(totals, bool) or set(item) - {"by", "totals"}:
        raise PlanError("plan_shape", where="aggregate", expected='{"by": [...], "totals": true}')
    if len(by) > MOST_GROUP_COLUMNS:
        raise PlanError("too_many_columns", most=str(MOST_GROUP_COLUMNS))
    return Aggregate(by, totals)


def _mapping(data: object, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise PlanError("plan_shape", where=where, expected="{...}")
    return data


def _names(data: object, where: str) -> tuple[str, ...]:
    if not isinstance(data, Sequence) or isinstance(data, str):
        raise PlanError("plan_shape", where=where, expected="[...]")
    if not all(isinstance(name, str) for name in data) or len(set(data)) != len(data):
        raise PlanError("plan_shape", where=where, expected="[...]")
    return tuple(data)


def _whole(value: object, where: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise PlanError("plan_shape", where=where, expected=f"{least}–{most}")
    return value


def _join(names: Iterable[str]) -> str:
    return ", ".join(names)
