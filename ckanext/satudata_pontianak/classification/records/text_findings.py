"""Metadata are public: what their text reveals (design section 1).

A hard identifier refuses the save. Every other kind warns, and stands in the evidence of a case
as a finding of place ``metadata:<field>`` until it is taken out or somebody resolved it. Texts
are looked at when they are saved and when a case is judged, never when a dataset is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk

from ...disclosure.engine import scan_text
from ...disclosure.recognizers import OF_OFFICES
from ...disclosure.report import Finding, finding_json
from ...messages import Message
from ...metadata import service as metadata
from ...msgids import N_
from ...surface import keys
from ..rules import findings, kind_names

# Who may be written to stands here on purpose; an agency's mailbox and its office are no personal
# data.
CONTACT_FIELDS = frozenset(keys.kind("dataset").contacts)
OFFICE_FIELDS = frozenset({"alamat", "alamat_kantor"})
# Not text: identifiers, codes and values of lists.
NO_TEXT = keys.unscanned("dataset")
NO_TEXT_OF_FILES = keys.unscanned("resource")
RESOURCE_TEXTS = ("name", "description")
"""Texts of a file that stand in the evidence of a case."""
RESOURCES = "resources."
"""Before the name of a text of a file, where it is told in one word with those of the dataset."""

REFUSAL = N_(
    "This text holds what looks like personal data (%(kinds)s). Metadata are public: take it "
    "out, then save again."
)
WARNING = N_(
    "'%(field)s' may hold personal data (%(kinds)s). It was saved. Take it out, or Walidata or "
    "PPID has to resolve it before the dataset can be opened."
)
NAME = N_(
    "The name of the file holds what looks like personal data (%(kinds)s). Rename the file, then "
    "choose it again."
)
FOUND = N_("Text of the dataset, '%(field)s': %(kind)s")


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give every text of a dataset with the field it stands in."""
    for key, value in data.items():
        if key in NO_TEXT or key == "resources":
            continue
        if key == "tag_string" and isinstance(value, str) and value:
            yield key, _tags(value.split(","))
        elif isinstance(value, str) and value:
            yield key, value
        elif key not in ("tags", "extras") and isinstance(value, (list, dict)):
            for leaf in keys.leaves(value):
                yield key, leaf
        elif key == "tags" and isinstance(value, list):
            yield "tag_string", _tags(str(t.get("name")) for t in value if isinstance(t, Mapping))
        elif key == "extras" and isinstance(value, list):
            for extra in value:
                if isinstance(extra, Mapping):
                    yield "extras", f"{extra.get('key')} {extra.get('value')}"


def _tags(names: Iterable[str]) -> str:
    return " ".join(sorted(filter(None, (name.strip() for name in names))))


@lru_cache(maxsize=20_000)
def found_in(field: str, text: str) -> tuple[Finding, ...]:
    """Return what a text of this field reveals; the same text is looked at once a process."""
    found = scan_text(text, field=field)
    if field in CONTACT_FIELDS or field in OFFICE_FIELDS:
        found = tuple(f for f in found if f.kind not in OF_OFFICES)
    return found


def hard_findings(field: str, text: str) -> list[Finding]:
    """Return the findings in one text that refuse a save."""
    return [f for f in found_in(field, text) if f.hard]


def check_name(filename: str | None) -> None:
    """Refuse a file whose name holds a hard identifier: whoever sees the file sees its name.

    :raises ckan.plugins.toolkit.ValidationError: the name is not repeated.
    """
    hard = hard_findings("name", filename or "")
    if hard:
        raise tk.ValidationError({"upload": [tk._(NAME) % {"kinds": _kinds(hard)}]})


def check(
    data: Mapping[str, Any], known: Mapping[str, Any], *, keeps_all: bool = False
) -> list[dict[str, Any]]:
    """Refuse text with a hard identifier, where it is new; return what else it may reveal.

    :param data: the dataset as it is about to be saved.
    :param known: the dataset as it is stored; what did not change is not read again.
    :param keeps_all: refuse nothing: the record is kept as a draft, with its findings.
    :returns: ``field``, ``kinds`` and ``text`` of each warning; for a text of a file also its
        ``position`` among the dataset's files.
    :raises ckan.plugins.toolkit.ValidationError: naming each field; the text is not repeated.
    """
    errors: dict[str, Any] = {}
    warnings: list[dict[str, Any]] = []
    before = set(_texts(known))
    for field, text in _texts(data):
        if (field, text) not in before:
            _sort(field, field, text, errors, warnings, keeps_all=keeps_all)
    if "title" in errors:
        # The portal made the name of the title: nobody is told of a field that they did not write.
        errors.pop("name", None)
    stored = {r["id"]: r for r in known.get("resources") or []}
    problems = []
    for position, item in enumerate(data.get("resources") or []):
        told: list[dict[str, Any]] = []
        problems.append(_resource(item, stored, told, keeps_all=keeps_all))
        warnings += [{**warning, "position": position} for warning in told]
    if any(problems):
        errors["resources"] = problems
    if errors:
        raise tk.ValidationError(errors)
    return warnings


def _resource(
    item: Any, stored: Mapping[str, Any], warnings: list[dict[str, Any]], *, keeps_all: bool
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if isinstance(item, Mapping):
        before = stored.get(str(item.get("id") or ""), {})
        for field, text in _texts_of_file(item):
            if text != before.get(field):
                _sort(field, f"{RESOURCES}{field}", text, errors, warnings, keeps_all=keeps_all)
    return errors


def _texts_of_file(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give every text of a file with its key: what the schema or its operator has there."""
    for key, value in item.items():
        if key not in NO_TEXT_OF_FILES and not keys.is_ours(key):
            for leaf in keys.leaves(value):
                yield key, leaf


def _sort(
    field: str,
    told: str,
    text: str,
    errors: dict[str, Any],
    warnings: list[dict[str, Any]],
    *,
    keeps_all: bool,
) -> None:
    """Put what a text reveals where it belongs: it refuses the save, or it warns."""
    found = found_in(field, text)
    hard = [] if keeps_all else hard_findings(field, text)
    if hard:
        words = tk._(REFUSAL) % {"kinds": _kinds(hard)}
        # Core makes a summary of errors, and takes those of extras for errors of their parts.
        errors[field] = [{"key": [words]}] if field == "extras" else [words]
    elif found:
        words = tk._(WARNING) % {"field": tk._(label(told)), "kinds": _kinds(found)}
        kinds = sorted({f.kind for f in found})
        warnings.append({"field": told, "kinds": kinds, "text": words})


def _kinds(found: list[Finding] | tuple[Finding, ...]) -> str:
    return ", ".join(sorted({f.kind for f in found}))


def label(field: str) -> str:
    """Return what a field is called (a msgid), or its own name."""
    if field.startswith(RESOURCES):
        return {
            "name": N_("Name of a file"),
            "description": N_("Description of a file"),
            "url": N_("Link of a file"),
        }.get(field.removeprefix(RESOURCES), field)
    found = metadata.labels().get(field)
    return found if isinstance(found, str) else field


def of_dataset(
    dataset_id: str,
    values: Mapping[str, Any],
    resources: Mapping[str, Mapping[str, str | None]],
) -> list[dict[str, Any]]:
    """Return the findings in a dataset's texts, in the shape of those in files.

    :param values: its own fields by name.
    :param resources: resource id → its texts by name, as they are or will be published.
    :returns: items with ``table`` (``metadata:<field>``), ``column`` (the resource's id, or
        empty), ``digest`` (of this text in this place), and the finding's own keys.
    """
    items = [item for field, text in _texts(values) for item in _items(dataset_id, field, text)]
    for resource_id, texts in sorted(resources.items()):
        for name in RESOURCE_TEXTS:
            items += _items(dataset_id, name, texts.get(name) or "", resource_id)
    return items


def _items(
    dataset_id: str, field: str, text: str, resource_id: str = ""
) -> Iterator[dict[str, Any]]:
    told = f"{RESOURCES}{field}" if resource_id else field
    for finding in found_in(field, text):
        yield {
            "table": f"{findings.METADATA}{told}",
            "column": resource_id,
            "digest": digest(dataset_id, told, resource_id, text),
            **finding_json(finding),
        }


def digest(dataset_id: str, field: str, resource_id: str, text: str) -> str:
    """Return what stands for a text in its place: what is said of it is said of no other."""
    parts = "\0".join((dataset_id, field, resource_id, text))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def message(item: Mapping[str, Any]) -> Message:
    """Say in words where a finding in a text is."""
    field = str(item["table"]).removeprefix(findings.METADATA)
    return Message(FOUND, {"field": Message(label(field)), "kind": kind_names.called(item["kind"])})
