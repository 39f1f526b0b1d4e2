"""What people say of findings: which answers a form offers, and what it sends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from ..classification import findings
from ..classification.axes import classification
from . import wording
from .forms import Choice, line_ends

FIELDS = ("resolution", "ground", "reason")


@dataclass(frozen=True)
class Said:
    """What somebody sent of one finding, and what was wrong with it."""

    finding: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def finding_id(version: str, key: Mapping[str, str]) -> str:
    """Return a short name of a finding: of the same place and kind it is always the same.

    A form carries it instead of table and column, whose names may hold anything.
    """
    text = json.dumps([version, *(key[part] for part in ("table", "column", "kind"))])
    return "f" + hashlib.sha256(text.encode()).hexdigest()[:16]


def inspection_id(version: str) -> str:
    """Return the short name of the inspection of a version."""
    return finding_id(
        version, dict(zip(("table", "column", "kind"), findings.INSPECTION, strict=True))
    )


def find(scans: Iterable[Mapping[str, Any]], wanted: str) -> dict[str, str] | None:
    """Return version and place of the finding with this short name."""
    for scan in scans:
        version = scan["version"]
        if scan.get("inspectable") and inspection_id(version) == wanted:
            return {"version": version, "resolution": findings.INSPECTED}
        for item in scan["findings"]:
            if finding_id(version, item["key"]) == wanted:
                return {"version": version, **item["key"]}
    return None


def read(sent: MultiDict[str, str]) -> dict[str, str]:
    """Return the answer out of what a browser sent; anything else is not taken."""
    texts = {name: line_ends(sent.get(name, "").replace("\x00", "")) for name in FIELDS}
    return {name: text for name, text in texts.items() if text}


def resolutions(item: Mapping[str, Any]) -> list[Choice]:
    """Return what may be said of a finding: a strict one is never lawfully public."""
    strict = classification().findings.is_strict(str(item["kind"]), item.get("class"))
    known = [findings.FALSE_ALARM] if strict else [findings.FALSE_ALARM, findings.LAWFUL]
    return [Choice(value, wording.resolution(value)) for value in known]


def grounds() -> list[Choice]:
    """Return the grounds on which personal data is lawfully public."""
    return [Choice(value, wording.ground(value)) for value in classification().findings.grounds]
