"""Known weaknesses of libraries, from a file that the operator brings. Pure.

Two forms are read: what ``pip-audit --format json`` writes, and advisories of the OSV schema, one
or a list of them, held against the versions that are installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

LONGEST = 120
NAMED = 5
"""How many libraries a refusal names."""
ECOSYSTEM = "PyPI"
UNPINNED = frozenset({"ckanext-satudata-pontianak", "pip", "setuptools", "wheel"})
"""The portal and what installs it: ``constraints.txt`` pins neither."""
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{2,79}$")]
Event = Annotated[dict[str, str], msgspec.Meta(min_length=1, max_length=1)]


class AdvisoryError(ValueError):
    """The file is of neither form, or says nothing of what is installed here."""


@dataclass(frozen=True, order=True)
class Weakness:
    """That an installed library has a known weakness, and which versions have it no more."""

    id: str
    package: str
    version: str
    fixed_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """What a list says of what is installed.

    ``audited``: the libraries of which it says everything; none where it is advisories, which say
    something of a library and never that nothing else is known of it.
    """

    weaknesses: tuple[Weakness, ...]
    audited: frozenset[str] = frozenset()


class _Vulnerability(msgspec.Struct):
    id: Id
    fix_versions: list[str] | None = None


class _Dependency(msgspec.Struct):
    name: str
    version: str | None = None
    skip_reason: str | None = None
    vulns: list[_Vulnerability] | None = None


class _Audit(msgspec.Struct):
    dependencies: list[_Dependency]


class _Package(msgspec.Struct):
    ecosystem: str
    name: str


class _Range(msgspec.Struct):
    type: str
    events: Annotated[list[Event], msgspec.Meta(min_length=1)]


class _Affected(msgspec.Struct):
    package: _Package | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None


class _Advisory(msgspec.Struct):
    id: Id
    affected: list[_Affected] | None = None
    withdrawn: str | None = None


def read(data: Any, installed: Mapping[str, str]) -> Listed:
    """Return the weaknesses of what is installed, each once.

    :param installed: name of a library → its version.
    :raises AdvisoryError: the file is of neither form, or an audit of something else than what is
        installed.
    """
    have = {str(canonicalize_name(name)): version for name, version in installed.items()}
    if isinstance(data, dict) and "dependencies" in data:
        return _audited(_shaped(data, _Audit).dependencies, have)
    if isinstance(data, dict) and "affected" in data:
        return Listed(tuple(sorted({*_osv([_shaped(data, _Advisory)], have)})))
    if isinstance(data, list) and data:
        return Listed(tuple(sorted({*_osv(_shaped(data, list[_Advisory]), have)})))
    raise AdvisoryError("neither pip-audit's JSON nor advisories of OSV")


def _shaped(data: Any, shape: Any) -> Any:
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise AdvisoryError(str(error)) from None


def _audited(rows: Sequence[_Dependency], have: Mapping[str, str]) -> Listed:
    """Return what an audit says, if it looked at each library in the version that is installed.

    What it skipped it named, and said nothing of.
    """
    found, audited, skipped = set[Weakness](), set[str](), set[str]()
    for row in rows:
        name = str(canonicalize_name(row.name))
        if row.skip_reason is not None:
            skipped.add(name)
        elif name in have and have[name] == row.version:
            audited.add(name)
            for one in row.vulns or ():
                fixed = tuple(text[:LONGEST] for text in one.fix_versions or ())
                found.add(Weakness(one.id, name, have[name], fixed))
    rest = sorted({*have} - audited - skipped - UNPINNED)
    if rest or not audited:
        text = "it was made on other versions than those installed here: "
        raise AdvisoryError(text + (", ".join(rest[:NAMED]) or "all were skipped"))
    return Listed(tuple(sorted(found)), frozenset(audited))


def _osv(rows: Sequence[_Advisory], have: Mapping[str, str]) -> Iterator[Weakness]:
    for row in rows:
        for affected in (row.affected or ()) if row.withdrawn is None else ():
            about = affected.package
            name = str(canonicalize_name(about.name)) if about is not None else ""
            if about is None or about.ecosystem != ECOSYSTEM or name not in have:
                continue
            ranges = [r for r in affected.ranges or () if r.type == "ECOSYSTEM"]
            listed = affected.versions or ()
            if have[name] in listed or any(_within(have[name], r.events) for r in ranges):
                fixed = [e["fixed"][:LONGEST] for r in ranges for e in r.events if "fixed" in e]
                yield Weakness(row.id, name, have[name], tuple(fixed))


def _within(version: str, events: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether a version lies within a range of OSV: its events in their order."""
    mine, inside = _version(version), False
    if mine is None:
        return True  # what cannot be compared is not known to be safe
    for event in sorted(events, key=_order):
        kind, text = next(iter(event.items()))
        at = _version(text)
        if at is None:
            return True
        if kind == "introduced" and mine >= at:
            inside = True
        elif (kind == "fixed" and mine >= at) or (kind == "last_affected" and mine > at):
            inside = False
    return inside


def _order(event: Mapping[str, Any]) -> Version:
    return _version(str(next(iter(event.values())))) or Version("0")


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def mended(weakness: Weakness, installed: Mapping[str, str]) -> bool:
    """Tell whether what is installed now has the weakness no more, as far as the list knew.

    Of several lines of versions each has its own: 1.2.5 mends 1.2.6, and not 2.0.1, which 2.0.3
    mends. What is as new as the newest of them is mended.
    """
    have = {str(canonicalize_name(name)): version for name, version in installed.items()}
    now = have.get(weakness.package)
    if now is None:
        return True
    mine, before = _version(now), _version(weakness.version)
    fixed = [at for at in map(_version, weakness.fixed_in) if at is not None]
    if mine is None or before is None or mine <= before or not fixed:
        return False
    return mine >= max(fixed) or any(mine >= at and _series(mine) == _series(at) for at in fixed)


def _series(version: Version) -> tuple[int, int]:
    return version.major, version.minor
