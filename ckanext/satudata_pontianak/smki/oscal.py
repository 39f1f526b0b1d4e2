"""Controls and how they stand as OSCAL 1.1 (NIST), which programs of auditors read.

A *catalog* has the controls by chapter; *assessment results* have, for each, what the portal saw
and when. Identifiers are UUIDs of version 5 under the site's own address, so that the same control
keeps its own from file to file. Source: https://pages.nist.gov/OSCAL/reference/latest/
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from .. import days
from ..messages import Message, Translate
from ..msgids import N_
from . import controls
from .records.model import SmkiControl
from .rules.definition import Control, Smki
from .rules.evidence import SINCE, UNKNOWN, Status, stale

VERSION = "1.1.3"
TITLE = N_("Controls of information security")
SATISFIED = frozenset({Status.GREEN, Status.YELLOW, Status.HAND})


def _id(site: str, *parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join((site.rstrip("/"), *parts))))


def namespace(site: str) -> str:
    """Return under which name the portal's own properties stand."""
    return f"{site.rstrip('/')}/ns/oscal"


def _metadata(title: str, version: str, at: dt.datetime) -> dict[str, Any]:
    moment = at.astimezone(dt.UTC).isoformat(timespec="seconds")
    return {
        "title": title,
        "last-modified": moment,
        "version": version,
        "oscal-version": VERSION,
    }


def catalog(known: Smki, site: str, at: dt.datetime, say: Translate) -> dict[str, Any]:
    """Return the controls as an OSCAL catalog, in the language of ``say``.

    :param site: the address of the portal.
    :param at: when the file is made.
    """
    groups = [
        {
            "id": chapter.replace("_", "-"),
            "title": say(label.label),
            "controls": [
                _control(control, site, say)
                for control in known.controls.controls.values()
                if control.chapter == chapter
            ],
        }
        for chapter, label in known.policy.chapters.items()
    ]
    return {
        "catalog": {
            "uuid": _id(site, "catalog", known.controls.version),
            "metadata": _metadata(say(known.policy.title), known.controls.version, at),
            "groups": [group for group in groups if group["controls"]],
        }
    }


def code_of(name: str) -> str:
    """Return what a control is called in OSCAL, whose tokens take no underscore at a beginning."""
    return name.replace("_", "-")


def _control(control: Control, site: str, say: Translate) -> dict[str, Any]:
    standards = [
        {"name": "label", "value": code, "class": standard, "ns": namespace(site)}
        for standard, codes in control.codes.items()
        for code in codes
    ]
    owner = {"name": "owner", "value": control.role, "ns": namespace(site)}
    parts = [
        {"id": f"{code_of(control.name)}_smt", "name": "statement", "prose": say(control.label)},
        {"id": f"{code_of(control.name)}_gdn", "name": "guidance", "prose": say(control.why)},
    ]
    return {
        "id": code_of(control.name),
        "title": say(control.label),
        "props": [*standards, owner],
        "parts": parts,
    }


def results(
    known: Smki,
    standing: Mapping[str, SmkiControl],
    site: str,
    at: dt.datetime,
    say: Translate,
) -> dict[str, Any]:
    """Return how each control stands as OSCAL assessment results.

    What nobody looked at yet has no finding; what does not apply is excluded from the review.

    :param standing: control → how it stands, of those that were looked at.
    """
    applicable = [c for c in known.controls.controls.values() if not c.excluded]
    seen = [(c, standing[c.name]) for c in applicable if c.name in standing]
    included = [{"control-id": code_of(c.name)} for c in applicable]
    result: dict[str, Any] = {
        "uuid": _id(site, "result", at.isoformat()),
        "title": say(TITLE),
        "description": say(known.policy.scope),
        "start": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "reviewed-controls": {"control-selections": [{"include-controls": included}]},
    }
    if seen:
        result["observations"] = [_observation(c, row, site, say) for c, row in seen]
        result["findings"] = [_finding(c, row, site, at, say) for c, row in seen]
    return {
        "assessment-results": {
            "uuid": _id(site, "assessment-results", at.isoformat()),
            "metadata": _metadata(say(known.policy.title), known.controls.version, at),
            "import-ap": {"href": f"#{_id(site, 'catalog', known.controls.version)}"},
            "results": [result],
        }
    }


def _observation(control: Control, row: SmkiControl, site: str, say: Translate) -> dict[str, Any]:
    return {
        "uuid": _id(site, "observation", control.name, row.looked_at.isoformat()),
        "title": say(control.label),
        "description": controls.message(row.said).text(say),
        "methods": ["EXAMINE" if control.task else "TEST"],
        "collected": row.looked_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
    }


def _finding(
    control: Control, row: SmkiControl, site: str, at: dt.datetime, say: Translate
) -> dict[str, Any]:
    """Return a finding; what was seen too long ago shows nothing, and is not satisfied."""
    old = stale(row.looked_at, at)
    status = UNKNOWN if old else row.status
    since = row.looked_at.astimezone(days.CITY)
    said = Message(SINCE, {"since": since}) if old else controls.message(row.said)
    return {
        "uuid": _id(site, "finding", control.name, row.looked_at.isoformat()),
        "title": say(control.label),
        "description": said.text(say),
        "target": {
            "type": "statement-id",
            "target-id": f"{code_of(control.name)}_smt",
            "props": [{"name": "status", "value": status, "ns": namespace(site)}],
            "status": {"state": "satisfied" if status in SATISFIED else "not-satisfied"},
        },
        "related-observations": [
            {"observation-uuid": _id(site, "observation", control.name, row.looked_at.isoformat())}
        ],
    }
