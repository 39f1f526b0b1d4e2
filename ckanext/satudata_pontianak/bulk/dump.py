"""What ``ckanapi dump datasets`` wrote of another CKAN, as a list for this portal. Pure.

What comes over is unclassified: the axes of another site are no proposal here, and what was open
there is seen by nobody here until it is decided. Names and mailboxes of persons stay behind; where
a dataset came from stands in it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from ..metadata import formats
from . import fields as known
from .fields import FILE, FILE_ABOUT, FILE_FORMAT, FILE_NAME, KEY

SOURCE = "rujukan"
"""The field in which a dataset says where it came from."""
FOLDER = "berkas"
_LEFT = frozenset({"name", "owner_org", "maintainer", "maintainer_email", "tag_string"})
_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST, _DIGEST = 100, 12


@dataclass(frozen=True)
class Wanted:
    """A file to be fetched: from where, and where it is kept below the new list."""

    url: str
    path: str


@dataclass(frozen=True)
class Converted:
    """A dataset of the other site as a line of the new list."""

    line: Mapping[str, Any]
    files: tuple[Wanted, ...]
    links: tuple[str, ...] = ()
    """Addresses that are no file over HTTP, and are not taken."""


def lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Give the lines of a dump, packed or not; ``None`` for one that is no JSON object."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                given = json.loads(line)
            except (ValueError, RecursionError):
                given = None
            yield number, given if isinstance(given, dict) else None


def wanted(given: Mapping[str, Any]) -> bool:
    """Tell whether a line is a dataset that is to come over."""
    kind = given.get("type") or "dataset"
    return kind == "dataset" and given.get("state", "active") == "active"


def converted(given: Mapping[str, Any], site: str, agencies: Mapping[str, str]) -> Converted:
    """Return a dataset of the other site as a line of the new list.

    :param site: the address of the other site.
    :param agencies: name of an agency there → its name here; ``""`` → the one for all others.
    """
    agency = given.get("organization")
    old = str(
        (agency.get("name") if isinstance(agency, dict) else "") or given.get("owner_org") or ""
    )
    extras = {str(each.get("key")): each.get("value") for each in _objects(given, "extras")}
    line: dict[str, Any] = {}
    for name, field in known.fields().items():
        value = given.get(name, extras.get(name))
        if name not in _LEFT and not field.is_axis and isinstance(value, (str, int, float)):
            line[name] = str(value).strip()
    line["owner_org"] = agencies.get(old) or agencies.get("") or old
    line["tag_string"] = ",".join(_tags(given))
    mailbox = str(given.get("maintainer_email") or "")
    with suppress(formats.Malformed):
        line["maintainer_email"] = formats.stored_mailbox(mailbox)
    identity = str(given.get("id") or given.get("name") or "")
    there = f"{site.rstrip('/')}/dataset/{given.get('name') or identity}"
    line[SOURCE] = "; ".join(filter(None, (line.get(SOURCE), there)))
    line[KEY] = f"{site.rstrip('/')}/dataset/{identity}"
    # Names that differ by a sign alone, or have no letter of ours, are folders of their own.
    digest = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:_DIGEST]
    words = known.slug(str(given.get("name") or identity))[:_LONGEST]
    files, about, links = _files(given, f"{words}-{digest}".strip("-"))
    line[FILE] = about
    kept = {name: value for name, value in line.items() if value not in ("", [])}
    return Converted(kept, tuple(files), tuple(links))


def _listed(given: Mapping[str, Any], name: str) -> list[Any]:
    value = given.get(name)
    return value if isinstance(value, list) else []


def _objects(given: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    return (each for each in _listed(given, name) if isinstance(each, dict))


def _tags(given: Mapping[str, Any]) -> list[str]:
    named = (t.get("name") if isinstance(t, dict) else t for t in _listed(given, "tags"))
    return [str(name) for name in named if name and "," not in str(name)]


def _files(
    given: Mapping[str, Any], folder: str
) -> tuple[list[Wanted], list[dict[str, str]], list[str]]:
    files, about, links = [], [], []
    for number, resource in enumerate(_objects(given, "resources"), 1):
        url = str(resource.get("url") or "")
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        last = PurePosixPath(unquote(parts.path)).name
        # A folder for each file: two of a dataset may be called the same.
        if parts.scheme not in ("http", "https") or not parts.hostname or "." not in last:
            if url:
                links.append(url)
            continue
        called = _NAME.sub("-", last)[-_LONGEST:].lstrip(".-") or FOLDER
        path = f"{FOLDER}/{folder}/{number}/{called}"
        files.append(Wanted(url, path))
        said = {
            FILE: path,
            FILE_NAME: str(resource.get("name") or ""),
            FILE_ABOUT: str(resource.get("description") or ""),
            FILE_FORMAT: str(resource.get("format") or ""),
        }
        about.append({key: value for key, value in said.items() if value})
    return files, about, links
