"""The three axes of classification and the combinations that are allowed.

Read from ``schemas/classification.yaml``. Unknown values are refused, never mapped to
something near (fail closed). Sources of the axes: UU 14/2008 (kind of information),
Perka ANRI 17/2011 (security level), UU 27/2022 (personal data).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ... import paths
from ...disclosure.finding import PersonalClass
from . import anonymity, exclusion
from .messages import Message
from .yaml_source import DefinitionError, Source

AXES = ("jenis_informasi", "tingkat_keamanan", "data_pribadi")
READERS = frozenset(
    {
        "everyone",
        "owner_publishers",
        "owner_admins",
        "owner_members",
        "walidata",
        "ppid",
        "atasan_ppid",
        "pengawas",
        "case_holder",
        "case_duties",
        "recipients",
        "grantees",
        "uploader",
        "sysadmin",
    }
)
CHANNELS = ("exists", "metadata", "data")
NEEDS = frozenset({"findings_lawfully_public"})
EXTRA_STATES = ("undecided", "waiting", "held_data", "held_all")


@dataclass(frozen=True)
class Axes:
    """One value of each axis; ``None`` where nothing was said yet."""

    jenis_informasi: str | None = None
    tingkat_keamanan: str | None = None
    data_pribadi: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Axes:
        """Take the axes out of ``values``; an empty text counts as nothing said."""
        return cls(**{axis: values.get(axis) or None for axis in AXES})

    def as_dict(self) -> dict[str, str | None]:
        """Return axis → value."""
        return {axis: getattr(self, axis) for axis in AXES}

    def over(self, base: Axes) -> Axes:
        """Return these axes, with what is not said here taken from ``base``."""
        return Axes(**{a: getattr(self, a) or getattr(base, a) for a in AXES})

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the axes that have no value."""
        return tuple(axis for axis in AXES if getattr(self, axis) is None)


@dataclass(frozen=True)
class Level:
    """A security level and what it allows."""

    name: str
    open: bool
    stores_files: bool


@dataclass(frozen=True)
class Combination:
    """A set of allowed triples, and what they need beside."""

    allowed: Mapping[str, frozenset[str]]
    needs: str | None

    def admits(self, axes: Axes) -> bool:
        """Tell whether the triple is one of these."""
        return all(getattr(axes, axis) in self.allowed[axis] for axis in AXES)


# Why a version's table is served to nobody any more.
TABLE_ENDS = ("superseded", "withdrawn", "sealed")


@dataclass(frozen=True)
class FindingRules:
    """How findings may be resolved, and by whom."""

    resolved_by: tuple[str, ...]
    strict_kinds: frozenset[str]
    strict_classes: frozenset[str]
    grounds: tuple[str, ...]
    inspectable: frozenset[str]

    def is_strict(self, kind: str, personal_class: str | None) -> bool:
        """Tell whether a finding is never lawfully public; a class that is unknown is strict."""
        known = personal_class in set(PersonalClass)
        return kind in self.strict_kinds or personal_class in self.strict_classes or not known


HOLD_SCOPES = frozenset({"data", "all"})


@dataclass(frozen=True)
class HoldGround:
    """Why a hold is lifted; ``same_bytes``: only while the very bytes that were held are served."""

    label: str
    same_bytes: bool = False


@dataclass(frozen=True)
class HoldRules:
    """Who places holds, who lifts one on which grounds, and when PPID gets a case of it."""

    placed_by: Mapping[str, tuple[str, ...]]
    """Reader -> the scopes that they may hold, the widest reader last."""
    confirmed_by: tuple[str, ...]
    rises_to: str
    rises_after_working_days: int
    lifted_by: Mapping[str, tuple[str, ...]]
    grounds: Mapping[str, HoldGround]
    escalate_after_working_days: int


@dataclass(frozen=True)
class Retention:
    """How many days undecided bytes are kept, and who lets sealed ones be purged."""

    undecided_days: int
    sealed_confirmed_by: tuple[str, ...]


class Classification:
    """The content of ``classification.yaml``, checked."""

    def __init__(self, source: Source) -> None:
        """Check the file and keep it.

        :raises DefinitionError: naming line and reason.
        """
        data = source.data
        for key in (
            "version",
            "axes",
            "combinations",
            "levels",
            "recipients",
            "visibility",
            "findings",
            "holds",
            "retention",
            "tables",
            "anonymisation",
            "exclusion",
        ):
            source.require(f"'{key}' is missing", key in data)
        self.version: str = str(data["version"])
        self.axes: dict[str, dict[str, Any]] = self._check_axes(source)
        self.levels: dict[str, Level] = self._check_levels(source)
        self.combinations: list[Combination] = self._check_combinations(source)
        self.visibility: dict[str, dict[str, frozenset[str]]] = self._check_visibility(source)
        self.findings = self._check_findings(source)
        self.holds = self._check_holds(source)
        self.retention = self._check_retention(source)
        self.table_days: dict[str, int] = self._check_tables(source)
        self.anonymisation = anonymity.read(source)
        self.exclusion = exclusion.read(source, self.levels)
        recipients = data["recipients"]
        self.all_agencies: str = recipients.get("all_agencies", "")
        source.require("'all_agencies' is missing", bool(self.all_agencies), "recipients")
        self.all_agencies_refused_for = frozenset(recipients.get("all_agencies_refused_for", ()))
        for value in self.all_agencies_refused_for:
            source.require(
                f"unknown value '{value}'",
                value in self.axes["data_pribadi"]["values"],
                "recipients",
                "all_agencies_refused_for",
            )

    @staticmethod
    def _check_findings(source: Source) -> FindingRules:
        data = source.data["findings"]
        for key in ("resolved_by", "strict", "grounds", "inspectable"):
            source.require(f"'{key}' is missing", bool(data.get(key)), "findings")
        for duty in data["resolved_by"]:
            known = duty in READERS
            source.require(f"unknown duty '{duty}'", known, "findings", "resolved_by")
        return FindingRules(
            resolved_by=tuple(data["resolved_by"]),
            strict_kinds=frozenset(data["strict"].get("kinds", ())),
            strict_classes=frozenset(data["strict"].get("classes", ())),
            grounds=tuple(data["grounds"]),
            inspectable=frozenset(data["inspectable"]),
        )

    @staticmethod
    def _check_holds(source: Source) -> HoldRules:
        data = source.data["holds"]
        for key in ("placed_by", "confirmed_by", "lifted_by"):
            source.require(f"'{key}' is missing", bool(data.get(key)), "holds")
            for duty in data[key]:
                source.require(f"unknown duty '{duty}'", duty in READERS, "holds", key)
        placed_by = {who: tuple(scopes) for who, scopes in data["placed_by"].items()}
        for who, scopes in placed_by.items():
            known = bool(scopes) and set(scopes) <= HOLD_SCOPES
            source.require("unknown scope of a hold", known, "holds", "placed_by", who)
        rises = data.get("rises") or {}
        source.require("unknown duty", rises.get("to") in data["confirmed_by"], "holds", "rises")
        later = rises.get("after_working_days")
        source.require(
            "'after_working_days' must be a positive whole number",
            type(later) is int and later > 0,
            "holds",
            "rises",
        )
        grounds = {}
        for name, spec in (data.get("grounds") or {}).items():
            where = ("holds", "grounds", name)
            source.require("a label is missing", bool((spec or {}).get("label")), *where)
            grounds[name] = HoldGround(spec["label"], bool(spec.get("same_bytes", False)))
        lifted_by = {duty: tuple(names) for duty, names in data["lifted_by"].items()}
        for duty, names in lifted_by.items():
            for name in names:
                known = name in grounds
                source.require(f"unknown ground '{name}'", known, "holds", "lifted_by", duty)
        days = data.get("escalate_after_working_days")
        source.require(
            "'escalate_after_working_days' must be a positive whole number",
            isinstance(days, int) and days > 0,
            "holds",
            "escalate_after_working_days",
        )
        confirmed_by = tuple(data["confirmed_by"])
        return HoldRules(
            placed_by, confirmed_by, str(rises["to"]), int(later or 0), lifted_by, grounds, days
        )

    @staticmethod
    def _check_retention(source: Source) -> Retention:
        data = source.data["retention"]
        days = data.get("undecided_days")
        if not isinstance(days, int) or days <= 0:
            raise source.fail("'undecided_days' must be a positive whole number", "retention")
        readers = tuple(data.get("sealed_confirmed_by") or ())
        for reader in readers:
            known = reader in READERS
            source.require(f"unknown reader '{reader}'", known, "retention", "sealed_confirmed_by")
        return Retention(days, readers)

    @staticmethod
    def _check_tables(source: Source) -> dict[str, int]:
        days = source.data["tables"].get("dropped_after_days") or {}
        for why in TABLE_ENDS:
            source.require(
                f"'{why}' must be a whole number of days, 0 or more",
                isinstance(days.get(why), int) and days[why] >= 0,
                "tables",
                "dropped_after_days",
            )
        return {why: days[why] for why in TABLE_ENDS}

    @staticmethod
    def _check_axes(source: Source) -> dict[str, dict[str, Any]]:
        axes = source.data["axes"]
        for axis in AXES:
            source.require(f"the axis '{axis}' is missing", axis in axes, "axes")
            values = axes[axis].get("values")
            source.require("'values' is missing or empty", bool(values), "axes", axis)
            for value, spec in values.items():
                source.require(
                    f"'{value}' needs a label",
                    isinstance(spec, dict) and bool(spec.get("label")),
                    "axes",
                    axis,
                    "values",
                    value,
                )
        for axis in axes:
            source.require(f"unknown axis '{axis}'", axis in AXES, "axes", axis)
        return axes

    def _check_levels(self, source: Source) -> dict[str, Level]:
        known = self.axes["tingkat_keamanan"]["values"]
        levels: dict[str, Level] = {}
        for number, item in enumerate(source.data["levels"]):
            where = ("levels", number)
            source.require("'name' is missing", "name" in item, *where)
            source.require(f"unknown level '{item['name']}'", item["name"] in known, *where)
            for flag in ("open", "stores_files"):
                source.require(
                    f"'{flag}' must be true or false", isinstance(item.get(flag), bool), *where
                )
            source.require(
                "an open level must store files", item["stores_files"] or not item["open"], *where
            )
            levels[item["name"]] = Level(item["name"], item["open"], item["stores_files"])
        for value in known:
            source.require(f"the level '{value}' is not described", value in levels, "levels")
        return levels

    def _check_combinations(self, source: Source) -> list[Combination]:
        combinations = []
        for number, item in enumerate(source.data["combinations"]):
            where = ("combinations", number)
            allowed: dict[str, frozenset[str]] = {}
            for axis in AXES:
                source.require(f"'{axis}' is missing", bool(item.get(axis)), *where)
                for value in item[axis]:
                    source.require(
                        f"unknown value '{value}'",
                        value in self.axes[axis]["values"],
                        *where,
                        axis,
                    )
                allowed[axis] = frozenset(item[axis])
            needs = item.get("needs")
            source.require(f"unknown need '{needs}'", needs is None or needs in NEEDS, *where)
            closed = any(not self.levels[v].open for v in allowed["tingkat_keamanan"])
            source.require(
                "every level that is not open needs 'dikecualikan'",
                not closed or allowed["jenis_informasi"] == {"dikecualikan"},
                *where,
            )
            source.require(
                "'spesifik' is never open",
                closed or "spesifik" not in allowed["data_pribadi"],
                *where,
            )
            combinations.append(Combination(allowed, needs))
        return combinations

    def _check_visibility(self, source: Source) -> dict[str, dict[str, frozenset[str]]]:
        table = source.data["visibility"]
        result: dict[str, dict[str, frozenset[str]]] = {}
        for name in (*self.levels, *EXTRA_STATES):
            source.require(f"'{name}' is missing", name in table, "visibility")
        for name, channels in table.items():
            known = name in self.levels or name in EXTRA_STATES
            source.require(f"unknown level or state '{name}'", known, "visibility", name)
            for channel in CHANNELS:
                where = ("visibility", name, channel)
                source.require(f"'{channel}' is missing", channel in channels, *where[:2])
                for reader in channels[channel]:
                    source.require(f"unknown reader '{reader}'", reader in READERS, *where)
            result[name] = {c: frozenset(channels[c]) for c in CHANNELS}
            stores = name not in self.levels or self.levels[name].stores_files
            source.require(
                "a level that stores no files shows no data",
                stores or not result[name]["data"],
                "visibility",
                name,
                "data",
            )
            if name in self.levels and not self.levels[name].open:
                source.require(
                    "data of a level that is not open may not be for everyone",
                    "everyone" not in result[name]["data"],
                    "visibility",
                    name,
                    "data",
                )
        source.require(
            "what is not decided may not be for everyone",
            not any("everyone" in readers for readers in result["undecided"].values()),
            "visibility",
            "undecided",
        )
        return result

    def combination(self, axes: Axes) -> Combination | None:
        """Return the allowed combination that admits ``axes``, or ``None``."""
        return next((c for c in self.combinations if c.admits(axes)), None)

    def unknown(self, axes: Axes) -> dict[str, str]:
        """Return axis → value for every value that is not in the file."""
        return {
            axis: value
            for axis, value in axes.as_dict().items()
            if value is not None and value not in self.axes[axis]["values"]
        }

    def names_titles(self, level: str | None) -> bool:
        """Tell whether everybody may know the title of a dataset at this level."""
        return level in self.levels and "everyone" in self.visibility[level]["metadata"]

    def is_open(self, level: str | None) -> bool:
        """Tell whether ``level`` is open; an unknown or missing level is not."""
        return level in self.levels and self.levels[level].open

    def level_labels(self, *, of_open: bool) -> list[Message]:
        """Return what the levels that store files are called: the open ones, or the others."""
        wanted = (lv.name for lv in self.levels.values() if lv.stores_files and lv.open == of_open)
        return [Message(self.label("tingkat_keamanan", name)) for name in wanted]

    def stores_files(self, level: str | None) -> bool:
        """Tell whether files may be stored at ``level``; a missing level says nothing against.

        :raises KeyError: the level is unknown.
        """
        return level is None or self.levels[level].stores_files

    def label(self, axis: str, value: str | None) -> str:
        """Return the English label of a value (a msgid), or the value itself if unknown."""
        spec = self.axes[axis]["values"].get(value)
        return spec["label"] if spec else str(value or "")


@lru_cache(maxsize=1)
def classification() -> Classification:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Classification(Source.read(paths.schemas() / "classification.yaml"))


__all__ = ["AXES", "Axes", "Classification", "Combination", "DefinitionError", "Level"]
