"""What people say of findings: which answers a form offers, and what it sends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

import ckan.plugins.toolkit as tk

from ...classification.rules import findings
from ...classification.rules.axes import classification
from ..web import call, wording
from ..web.forms import Choice, line_ends

FIELDS = ("resolution", "ground", "reason", "earlier")


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


def say(
    dataset_id: str, scans: Iterable[Mapping[str, Any]], sent: MultiDict[str, str]
) -> tuple[int, Said | None]:
    """Keep what a form says of a finding of these scans.

    :returns: the status of the answer, and what was sent with what was wrong with it; ``None``
        where it was kept.
    """
    where = find(scans, sent.get("finding", ""))
    values = read(sent)

    def refused(status: int, errors: Mapping[str, Sequence[str]]) -> tuple[int, Said]:
        return status, Said(sent.get("finding", ""), values, errors)

    if where is None:
        text = tk._("There is no such finding any more. Look at the present ones.")
        return refused(422, {"": [text]})
    try:
        call.call("satudata_finding_resolve", **{**values, **where, "id": dataset_id})
    except tk.NotAuthorized as refusal:
        text = str(refusal.message or tk._("You may not take this step."))
        return refused(403, {"": [text]})
    except tk.ValidationError as refusal:
        return refused(422, call.errors_by_field(refusal.error_dict, FIELDS))
    return 302, None


def resolutions(item: Mapping[str, Any]) -> list[Choice]:
    """Return what may be said of a finding: a strict one is never lawfully public."""
    strict = classification().findings.is_strict(str(item["kind"]), item.get("class"))
    known = [findings.FALSE_ALARM] if strict else [findings.FALSE_ALARM, findings.LAWFUL]
    return [Choice(value, wording.resolution(value)) for value in known]


def grounds() -> list[Choice]:
    """Return the grounds on which personal data is lawfully public."""
    return [Choice(value, wording.ground(value)) for value in classification().findings.grounds]
