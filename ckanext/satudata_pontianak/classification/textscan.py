"""Metadata are public: their text may hold no hard identifier (design section 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ..disclosure.engine import scan_text
from ..disclosure.report import Finding
from ..msgids import N_
from .axes import AXES

# Who may be written to stands here on purpose; an agency's mailbox is no personal data.
CONTACT_FIELDS = frozenset({"maintainer", "maintainer_email", "author", "author_email"})
CONTACT_KINDS = frozenset({"email", "telepon"})
# Not text: identifiers and codes that CKAN or the schema gives.
NO_TEXT = frozenset(
    {
        "id",
        "owner_org",
        "creator_user_id",
        "license_id",
        "state",
        "type",
        "metadata_created",
        "metadata_modified",
        "url_type",
        "hash",
        "mimetype",
        *AXES,
    }
)
REFUSAL = N_(
    "This text holds what looks like personal data (%(kinds)s). Metadata are public: take it "
    "out, then save again."
)


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give every text of a dataset with the field it stands in."""
    for key, value in data.items():
        if key in NO_TEXT or key == "resources":
            continue
        if isinstance(value, str) and value:
            yield key, value
        elif key == "tags" and isinstance(value, list):
            names = [str(t.get("name") or "") for t in value if isinstance(t, Mapping)]
            yield "tag_string", " ".join(names)
        elif key == "extras" and isinstance(value, list):
            for extra in value:
                if isinstance(extra, Mapping):
                    yield "extras", f"{extra.get('key')} {extra.get('value')}"


def hard_findings(field: str, text: str) -> list[Finding]:
    """Return the findings in one text that refuse a save."""
    found = [f for f in scan_text(text, field=field) if f.hard]
    if field in CONTACT_FIELDS:
        found = [f for f in found if f.kind not in CONTACT_KINDS]
    return found


def check(data: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Refuse text with a hard identifier, where it is new.

    :param data: the dataset as it is about to be saved.
    :param known: the dataset as it is stored; what did not change is not read again.
    :raises ckan.plugins.toolkit.ValidationError: naming each field; the text is not repeated.
    """
    errors: dict[str, Any] = {}
    before = dict(_texts(known))
    for field, text in _texts(data):
        if before.get(field) != text and (found := hard_findings(field, text)):
            errors[field] = [_refusal(found)]
    resources = data.get("resources") or []
    stored = {r["id"]: r for r in known.get("resources") or []}
    problems = [_resource(item, stored) for item in resources]
    if any(problems):
        errors["resources"] = problems
    if errors:
        raise tk.ValidationError(errors)


def _resource(item: Any, stored: Mapping[str, Any]) -> dict[str, list[str]]:
    if not isinstance(item, Mapping):
        return {}
    before = stored.get(str(item.get("id") or ""), {})
    errors = {}
    for field in ("name", "description"):
        text = item.get(field)
        if isinstance(text, str) and text and text != before.get(field):
            found = hard_findings(field, text)
            if found:
                errors[field] = [_refusal(found)]
    return errors


def _refusal(found: list[Finding]) -> str:
    kinds = ", ".join(sorted({f.kind for f in found}))
    return tk._(REFUSAL) % {"kinds": kinds}
