"""What may be said of an agency or a group: their types, texts and pictures.

Everybody reads them at once, and no case is there in which somebody looks at them: what a scan only
warns of in a dataset is refused here. Contacts and addresses of an office are no personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ..disclosure.engine import scan_text
from ..disclosure.recognizers import OF_OFFICES
from ..msgids import N_
from ..surface import links
from ..surface.types import is_among, types

UNDECLARED = N_("There is no such type here. Choose one of: %(known)s.")
PERSONAL = N_(
    "This text may hold personal data (%(kinds)s), and everybody could read it at once. Take it "
    "out, then save again."
)

# Ids and codes, and what other rules check: members, duties, the decree, files that are uploaded.
# What only answers hold was left out before (agencies/rules/keys.py).
NO_TEXT = frozenset(
    """
    id type state users groups sdi_role parent nomor_sk nomor_sk_terakhir kode_instansi image_upload
    clear_upload save
    """.split()
)
PICTURE = "image_url"
LISTS = ("users", "packages", "groups")
NO_CAPACITY = N_("Nobody is a member in this capacity. Choose one of: %(known)s.")


def check_type(data: Mapping[str, Any], *, agency: bool) -> None:
    """Refuse a new agency or group of a type that nobody declared.

    :raises ckan.plugins.toolkit.ValidationError: naming the types that there are.
    """
    known = types().organizations if agency else types().groups
    if "type" in data and not is_among(data["type"], known):
        text = tk._(UNDECLARED) % {"known": ", ".join(known)}
        raise tk.ValidationError({"type": [text]})


def check_member(data: Mapping[str, Any]) -> None:
    """Refuse to put what nobody declared into a group: core would look for any of its rows.

    :raises ckan.plugins.toolkit.ValidationError: naming what there is.
    """
    kind = data.get("object_type")
    if kind is not None and not is_among(kind, types().members):
        text = tk._(UNDECLARED) % {"known": ", ".join(types().members)}
        raise tk.ValidationError({"object_type": [text]})
    check_capacities(data)


def check_capacities(data: Mapping[str, Any]) -> None:
    """Refuse to let somebody or something belong to a group in a capacity that nobody declared.

    Core keeps any text there, and gives it to everybody with the members of a group.

    :raises ckan.plugins.toolkit.ValidationError: naming the capacities that there are.
    """
    text = tk._(NO_CAPACITY) % {"known": ", ".join(types().capacities)}
    errors: dict[str, Any] = {}
    if not _is_capacity(data.get("capacity")):
        errors["capacity"] = [text]
    for key in LISTS:
        items = data.get(key)
        items = items if isinstance(items, list) else []
        if not all(_is_capacity(i.get("capacity")) for i in items if isinstance(i, Mapping)):
            # Core makes a summary of errors, and takes those of lists for errors of their parts.
            errors[key] = [{"capacity": [text]}]
    if errors:
        raise tk.ValidationError(errors)


def _is_capacity(value: Any) -> bool:
    return value is None or is_among(value, types().capacities)


def check(data: Mapping[str, Any], stored: Mapping[str, Any] | None = None) -> None:
    """Refuse texts about people, and a picture at an address that is none.

    :param stored: what is kept of it; what did not change is not read again.
    :raises ckan.plugins.toolkit.ValidationError: naming each field; no text is repeated.
    """
    check_capacities(data)
    before = set(_texts(stored or {}))
    errors: dict[str, Any] = {}
    for field, text in _texts(data):
        if (field, text) in before:
            continue
        found = {f.kind for f in scan_text(text, field=field)} - OF_OFFICES
        if found:
            words = tk._(PERSONAL) % {"kinds": ", ".join(sorted(found))}
            # Core makes a summary of errors, and takes those of extras for errors of their parts.
            errors[field] = [{"key": [words]}] if field == "extras" else [words]
    picture = data.get(PICTURE)
    if picture and picture != (stored or {}).get(PICTURE) and _leads_out(picture):
        wrong = links.problem(picture)
        if wrong:
            errors[PICTURE] = [tk._(wrong)]
    if errors:
        raise tk.ValidationError(errors)


def _leads_out(picture: Any) -> bool:
    """Tell whether a picture is no bare file name: CKAN puts its own folder before those."""
    return not isinstance(picture, str) or any(mark in picture for mark in ":/\\@ \t\r\n")


def _texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give every text with the field it stands in, however deep."""
    for key, value in data.items():
        if key not in NO_TEXT:
            for text in _strings(value):
                yield str(key), text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Mapping):
        if "key" in value and "value" in value:  # an extra: its key is the heading of its value
            yield f"{value['key']} {value['value']}"
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
