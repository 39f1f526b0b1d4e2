"""The three axes of classification and the combinations that are allowed.

Read from ``schemas/classification.yaml``. Unknown values are refused, never mapped to
something near (fail closed). Sources of the axes: UU 14/2008 (kind of information),
Perka ANRI 17/2011 (security level), UU 27/2022 (personal data).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, TypedDict, get_args

import msgspec

from ... import paths
from ...disclosure.finding import PersonalClass
from ...messages import Message
from ...surface.yaml_source import Basis, Days, DefinitionError, Positive, Source, Text
from .anonymity import Anonymisation
from .exclusion import Exclusion, check_registers

Axis = Literal["jenis_informasi", "tingkat_keamanan", "data_pribadi"]
Reader = Literal[
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
]
Scope = Literal["data", "all"]
AXES: tuple[Axis, ...] = get_args(Axis)
READERS = frozenset(get_args(Reader))
HOLD_SCOPES = frozenset(get_args(Scope))
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


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A security level and what it allows."""

    name: str
    open: bool
    stores_files: bool


class Combination(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of allowed triples, and what they need beside."""

    jenis_informasi: Annotated[frozenset[str], msgspec.Meta(min_length=1)]
    tingkat_keamanan: Annotated[frozenset[str], msgspec.Meta(min_length=1)]
    data_pribadi: Annotated[frozenset[str], msgspec.Meta(min_length=1)]
    needs: Literal["findings_lawfully_public"] | None = None

    @property
    def allowed(self) -> dict[str, frozenset[str]]:
        """Axis → values."""
        return {axis: getattr(self, axis) for axis in AXES}

    def admits(self, axes: Axes) -> bool:
        """Tell whether the triple is one of these."""
        return all(getattr(axes, axis) in getattr(self, axis) for axis in AXES)


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Kinds and classes whose findings are never lawfully public."""

    kinds: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


class FindingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How findings may be resolved, and by whom."""

    resolved_by: Annotated[tuple[Reader, ...], msgspec.Meta(min_length=1)]
    strict: Strict
    grounds: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    inspectable: Annotated[frozenset[str], msgspec.Meta(min_length=1)]

    def is_strict(self, kind: str, personal_class: str | None) -> bool:
        """Tell whether a finding is never lawfully public; a class that is unknown is strict."""
        known = personal_class in set(PersonalClass)
        return kind in self.strict.kinds or personal_class in self.strict.classes or not known


class HoldGround(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a hold is lifted; ``same_bytes``: only while the very bytes that were held are served."""

    label: Text
    same_bytes: bool = False


class Rises(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On whose queue a hold rises that nobody confirmed, and when."""

    to: Reader
    after_working_days: Positive


class HoldRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who places holds, who lifts one on which grounds, and when PPID gets a case of it."""

    placed_by: Annotated[
        dict[str, Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1)]],
        msgspec.Meta(min_length=1),
    ]
    """Reader -> the scopes that they may hold, the widest reader last."""
    confirmed_by: Annotated[tuple[Reader, ...], msgspec.Meta(min_length=1)]
    rises: Rises
    lifted_by: Annotated[dict[str, tuple[str, ...]], msgspec.Meta(min_length=1)]
    grounds: dict[str, HoldGround]
    escalate_after_working_days: Positive


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days undecided bytes are kept, and who lets sealed ones be purged."""

    undecided_days: Positive
    sealed_confirmed_by: tuple[Reader, ...] = ()


class Superseded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which versions are given although newer ones took their place; see ``rules/past.py``."""

    replaced_by: frozenset[str]
    states: frozenset[str]
    data_pribadi: frozenset[str]


class TableDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many days a version's table is dropped, by why it is served to nobody any more."""

    superseded: Days
    withdrawn: Days
    sealed: Days


class Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long tables of versions stay that nobody is served."""

    dropped_after_days: TableDays


class AxisValue(TypedDict):
    """One value of an axis."""

    label: Text
    basis: Basis


class AxisRules(TypedDict):
    """One axis of classification."""

    label: Text
    help: str
    basis: Basis
    values: Annotated[dict[str, AxisValue], msgspec.Meta(min_length=1)]


class Recipients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands for every agency, and for which personal data it may not be named."""

    all_agencies: Text
    all_agencies_refused_for: frozenset[str] = frozenset()


class Row(TypedDict):
    """Who may use each channel at a level or in a state."""

    exists: frozenset[Reader]
    metadata: frozenset[Reader]
    data: frozenset[Reader]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of ``classification.yaml``."""

    version: Text
    axes: dict[Axis, AxisRules]
    combinations: list[Combination]
    levels: list[Level]
    recipients: Recipients
    findings: FindingRules
    holds: HoldRules
    anonymisation: Anonymisation
    retention: Retention
    superseded: Superseded
    tables: Tables
    exclusion: Exclusion
    visibility: dict[str, Row]


class Classification:
    """The content of ``classification.yaml``, checked."""

    def __init__(self, source: Source) -> None:
        """Check the file and keep it.

        :raises DefinitionError: naming line and reason.
        """
        file = source.shaped(File)
        self.version = file.version
        self.axes: dict[str, Any] = {axis: file.axes[axis] for axis in file.axes}
        source.whole("axis", AXES, file.axes, "axes")
        self.levels = {level.name: level for level in file.levels}
        self.combinations = file.combinations
        self.visibility: Mapping[str, Any] = file.visibility
        self.findings, self.holds, self.retention = file.findings, file.holds, file.retention
        self.superseded = file.superseded
        self.table_days: dict[str, int] = msgspec.structs.asdict(file.tables.dropped_after_days)
        self.anonymisation, self.exclusion = file.anonymisation, file.exclusion
        self.all_agencies = file.recipients.all_agencies
        self.all_agencies_refused_for = file.recipients.all_agencies_refused_for
        self._check_levels(source, file)
        self._check_combinations(source)
        self._check_visibility(source)
        self._check_holds(source)
        self._check_superseded(source)
        check_registers(source, self.exclusion, self.levels)
        place = ("recipients", "all_agencies_refused_for")
        classes = self.axes["data_pribadi"]["values"]
        source.known("value", self.all_agencies_refused_for, classes, *place)

    def _check_holds(self, source: Source) -> None:
        holds = self.holds
        known = holds.rises.to in holds.confirmed_by
        source.require("unknown duty", known, "holds", "rises", "to")
        for duty in holds.placed_by:
            source.known("duty", [duty], READERS, "holds", "placed_by", duty)
        for duty, names in holds.lifted_by.items():
            source.known("duty", [duty], READERS, "holds", "lifted_by", duty)
            source.known("ground", names, holds.grounds, "holds", "lifted_by", duty)

    def _check_superseded(self, source: Source) -> None:
        classes = self.axes["data_pribadi"]["values"]
        where = ("superseded", "data_pribadi")
        source.known("value", self.superseded.data_pribadi, classes, *where)

    def _check_levels(self, source: Source, file: File) -> None:
        known = self.axes["tingkat_keamanan"]["values"]
        for number, level in enumerate(file.levels):
            source.known("level", [level.name], known, "levels", number, "name")
            stores = level.stores_files or not level.open
            source.require("an open level must store files", stores, "levels", number)
        source.whole("level", known, self.levels, "levels")

    def _check_combinations(self, source: Source) -> None:
        for number, combination in enumerate(self.combinations):
            where = ("combinations", number)
            for axis, values in combination.allowed.items():
                source.known("value", values, self.axes[axis]["values"], *where, axis)
            closed = any(not self.levels[v].open for v in combination.tingkat_keamanan)
            source.require(
                "every level that is not open needs 'dikecualikan'",
                not closed or combination.jenis_informasi == {"dikecualikan"},
                *where,
            )
            source.require(
                "'spesifik' is never open",
                closed or "spesifik" not in combination.data_pribadi,
                *where,
            )

    def _check_visibility(self, source: Source) -> None:
        named = (*self.levels, *EXTRA_STATES)
        source.exactly("level or state", named, self.visibility, "visibility")
        for name, level in self.levels.items():
            row, where = self.visibility[name], ("visibility", name)
            source.require(
                "a level that stores no files shows no data",
                level.stores_files or not row["data"],
                *where,
                "data",
            )
            source.require(
                "data of a level that is not open may not be for everyone",
                level.open or "everyone" not in row["data"],
                *where,
                "data",
            )
        source.require(
            "what is not decided may not be for everyone",
            not any("everyone" in readers for readers in self.visibility["undecided"].values()),
            "visibility",
            "undecided",
        )

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
