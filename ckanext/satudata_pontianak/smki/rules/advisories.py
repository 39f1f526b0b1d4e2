"""Known weaknesses of libraries, from a file that the operator brings. Pure.

Two forms are read: what ``pip-audit --format json`` writes, and advisories of the OSV schema, one
or a list of them, held against the versions that are installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

LONGEST = 120
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{2,79}")
ECOSYSTEM = "PyPI"


class AdvisoryError(ValueError):
    """The file is of neither form."""


@dataclass(frozen=True, order=True)
class Weakness:
    """That an installed library has a known weakness, and which versions have it no more."""

    id: str
    package: str
    version: str
    fixed_in: tuple[str, ...] = ()


def read(data: Any, installed: Mapping[str, str]) -> list[Weakness]:
    """Return the weaknesses of what is installed, each once.

    :param installed: name of a library → its version.
    :raises AdvisoryError: the file is of neither form.
    """
    have = {str(canonicalize_name(name)): version for name, version in installed.items()}
    if isinstance(data, dict) and isinstance(data.get("dependencies"), list):
        found = _audited(data["dependencies"], have)
    elif isinstance(data, dict) and "affected" in data:
        found = _osv([data], have)
    elif isinstance(data, list) and all(isinstance(one, dict) and "id" in one for one in data):
        found = _osv(data, have)
    else:
        raise AdvisoryError("neither pip-audit's JSON nor advisories of OSV")
    return sorted(set(found))


def _audited(rows: Sequence[Any], have: Mapping[str, str]) -> Iterator[Weakness]:
    for row in rows:
        if not isinstance(row, dict):
            raise AdvisoryError("a dependency is no object")
        name = str(canonicalize_name(str(row.get("name") or "")))
        # What was audited elsewhere says nothing of another version.
        if have.get(name) != row.get("version"):
            continue
        for one in row.get("vulns") or ():
            fixed = tuple(str(v)[:LONGEST] for v in one.get("fix_versions") or ())
            yield Weakness(_id(one.get("id")), name, have[name], fixed)


def _osv(rows: Sequence[Mapping[str, Any]], have: Mapping[str, str]) -> Iterator[Weakness]:
    for row in rows:
        if row.get("withdrawn"):
            continue
        for affected in row.get("affected") or ():
            about = affected.get("package") or {}
            name = str(canonicalize_name(str(about.get("name") or "")))
            if about.get("ecosystem") != ECOSYSTEM or name not in have:
                continue
            ranges = [r for r in affected.get("ranges") or () if r.get("type") == "ECOSYSTEM"]
            listed = affected.get("versions") or ()
            if have[name] in listed or any(_within(have[name], r) for r in ranges):
                fixed = [str(e["fixed"]) for r in ranges for e in r["events"] if "fixed" in e]
                yield Weakness(_id(row.get("id")), name, have[name], tuple(fixed))


def _within(version: str, range_: Mapping[str, Any]) -> bool:
    """Tell whether a version lies within a range of OSV: its events in their order."""
    mine, inside = _version(version), False
    if mine is None:
        return True  # what cannot be compared is not known to be safe
    for event in sorted(range_.get("events") or (), key=_order):
        kind, text = next(iter(event.items()))
        at = _version("0" if text == "0" else str(text))
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
    """Tell whether what is installed now has the weakness no more, as far as the list knew."""
    have = {str(canonicalize_name(name)): version for name, version in installed.items()}
    now = have.get(weakness.package)
    if now is None:
        return True
    mine = _version(now)
    fixed = [at for at in map(_version, weakness.fixed_in) if at is not None]
    before = _version(weakness.version)
    newer = mine is not None and before is not None and mine > before
    return newer and mine is not None and any(mine >= at for at in fixed)


def _id(text: Any) -> str:
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise AdvisoryError("an advisory has no id")
    return text
