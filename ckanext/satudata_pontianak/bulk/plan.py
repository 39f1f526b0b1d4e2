"""What is missing on the portal of what a row asks for. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..classification.rules.axes import AXES
from .checking import Dataset, File

_BLOCK = 1024 * 1024
PROPOSING = "draft"
"""The state of a case in which the agency proposes."""


@dataclass(frozen=True)
class Wanted:
    """A dataset with the hashes of its files."""

    dataset: Dataset
    files: Mapping[str, File]
    """SHA-256 → file."""

    @property
    def digest(self) -> str:
        """What tells whether the row, or a file of it, is another than before."""
        files = [[sha, f.path.name, f.name, f.about, f.format] for sha, f in self.files.items()]
        said = json.dumps([dict(self.dataset.fields), files], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Acts:
    """What has to be done; nothing where all is there."""

    changed: Mapping[str, str] = field(default_factory=dict)
    added: tuple[File, ...] = ()
    replaced: Mapping[str, File] = field(default_factory=dict)
    """Id of the file on the portal → what takes its place."""

    def __bool__(self) -> bool:
        """Tell whether there is something to do."""
        return bool(self.changed or self.added or self.replaced)


def hashed(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def wanted(dataset: Dataset) -> Wanted:
    """Return a dataset with the hashes of its files; the same bytes are brought once."""
    return Wanted(dataset, {hashed(file.path): file for file in dataset.files})


def held_hashes(shown: Mapping[str, Any]) -> dict[str, str]:
    """Return the hashes of the files that the portal has of a dataset → id of the resource.

    What waits for a decision counts before what it is to replace.
    """
    found = {}
    for resource in shown.get("resources") or ():
        waiting = resource.get("satudata_waiting") or {}
        found[waiting.get("sha256") or resource.get("hash") or ""] = str(resource["id"])
    found.pop("", None)
    return found


def missing(want: Wanted, shown: Mapping[str, Any], *, also_fields: bool = True) -> Acts:
    """Compare what a row asks for with what ``package_show`` gives.

    An empty cell asks for nothing. The axes are a proposal: where a decision stands, or one is
    being prepared, a list does not propose anew.

    :param also_fields: ``False`` for a row that did not change since it was brought: what people
        wrote on the portal since then stays.
    """
    there = held_hashes(shown)
    changed = _changed(want.dataset.fields, shown) if also_fields else {}
    by_name = {
        name: str(resource["id"])
        for resource in shown.get("resources") or ()
        for name in (str(resource.get("name") or ""), _filename(resource))
        if name and there_not_wanted(resource, want)
    }
    added, replaced = [], {}
    for sha, file in want.files.items():
        if sha in there:
            continue
        old = by_name.get(file.name) or by_name.get(file.path.name)
        if old is not None and old not in replaced:
            replaced[old] = file
        else:
            added.append(file)
    return Acts(changed, tuple(added), replaced)


def there_not_wanted(resource: Mapping[str, Any], want: Wanted) -> bool:
    """Tell whether a file of the portal is none that the row asks for."""
    return not set(held_hashes({"resources": [resource]})) & set(want.files)


def _filename(resource: Mapping[str, Any]) -> str:
    waiting = resource.get("satudata_waiting") or {}
    return str(waiting.get("filename") or str(resource.get("url") or "").rpartition("/")[2])


def _changed(fields: Mapping[str, str], shown: Mapping[str, Any]) -> dict[str, str]:
    settled = bool(shown.get("satudata_decision")) or not _proposes(shown)
    return {
        name: value
        for name, value in fields.items()
        if name != "name"
        and not (name in AXES and settled)
        and _even(name, shown_value(shown, name)) != _even(name, value)
    }


def _proposes(shown: Mapping[str, Any]) -> bool:
    """Tell whether the open case still takes a proposal of the agency."""
    case = shown.get("satudata_case")
    return case is None or case.get("state") == PROPOSING


def shown_value(shown: Mapping[str, Any], name: str) -> str:
    """Return a field of what ``package_show`` gives as a list writes it."""
    if name == "tag_string":
        return ",".join(sorted(str(tag.get("name", "")) for tag in shown.get("tags") or ()))
    if name == "owner_org":
        return str((shown.get("organization") or {}).get("name") or "")
    return str(shown.get(name) or "")


def _even(name: str, value: str) -> str:
    """Return a value by which two are compared: keywords in any order, lines of any system."""
    if name == "tag_string":
        return ",".join(sorted({part.strip() for part in value.split(",")} - {""}))
    return value.replace("\r\n", "\n").strip()
