"""Reads ``following.yaml``: what may be followed, and what fits it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, urlencode

import msgspec

from ... import paths
from ...surface import search_query
from ...surface.yaml_source import Labelled, Positive, Source, Text

DATASET, AGENCY, TOPIC, REGION, SEARCH = KINDS = ("dataset", "agency", "topic", "region", "search")
PUBLISHED, VERSION, DECIDED, HELD, RELEASED, CLOSED = NEWS = (
    "published",
    "version",
    "decided",
    "held",
    "released",
    "closed",
)
EVERYTHING = "everything"
"""What no person follows and a feed tells of: all datasets."""
WORDS = "q"
CORE_KEYS = {"page": "", "sort": "", "res_format": "satudata_format"}
"""What feeds of CKAN take and ours do not: under what name ours do, if at all."""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of what may be followed."""

    word: Text
    label: Text


class Digest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often people are told, and of how much at once."""

    hours: Positive
    most: Positive


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much may be followed."""

    of_one_address: Positive
    to_one_mailbox: Positive
    of_one_person: Positive
    search: Positive


class Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a feed gives at once."""

    entries: Positive


class Following(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    kinds: dict[Literal["dataset", "agency", "topic", "region", "search"], Kind]
    search: tuple[str, ...]
    news: dict[Text, Labelled]
    digest: Digest
    confirm_hours: Positive
    limits: Limits
    feed: Feed

    @classmethod
    def of(cls, source: Source) -> Following:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        rules = source.shaped(cls)
        source.exactly("kind", KINDS, rules.kinds, "kinds")
        source.exactly("news", NEWS, rules.news, "news")
        return rules

    def kind_of(self, word: str) -> str | None:
        """Return which kind an address names by this word."""
        return next((name for name, kind in self.kinds.items() if kind.word == word), None)

    def search_of(self, text: str) -> str | None:
        """Return a search as it is kept: its words and filters, in one order.

        :param text: as the query of an address; ``None``: it is none, or asks for what may not
            be followed.
        """
        try:
            given = parse_qsl(text, keep_blank_values=False, strict_parsing=True, max_num_fields=20)
        except ValueError:
            return None
        pairs = sorted({(key, value.strip()) for key, value in given if value.strip()})
        known = {WORDS, *self.search}
        if not pairs or any(key not in known for key, _ in pairs):
            return None
        if [key for key, _ in pairs].count(WORDS) > 1:
            return None
        kept = urlencode(pairs)
        if len(kept) > self.limits.search or any("\x00" in value for _, value in pairs):
            return None
        return kept

    def search_of_core(self, text: str) -> str | None:
        """Return a search of which CKAN had a feed as it is kept: without its page and order.

        :param text: as the query of its address; ``""``: it asks for everything, ``None``: for
            what may not be followed.
        """
        try:
            given = parse_qsl(text, max_num_fields=20)
        except ValueError:
            return None
        pairs = [(CORE_KEYS.get(key, key), value) for key, value in given if value.strip()]
        pairs = [(key, value) for key, value in pairs if key]
        return self.search_of(urlencode(pairs)) if pairs else ""


@dataclass(frozen=True)
class Asked:
    """What a search engine is asked for: words, and what all of it has to fit."""

    words: str
    filters: tuple[str, ...]


def asked_of(kind: str, target: str) -> Asked:
    """Return what fits something that is followed, as a search; of a dataset, itself."""
    if kind == EVERYTHING:
        return Asked("", ())
    fields = {DATASET: "id", AGENCY: "owner_org", TOPIC: "urusan", REGION: "satudata_region"}
    if kind in fields:
        return Asked("", (f"+{fields[kind]}:{search_query.quoted(target)}",))
    pairs = parse_qsl(target)
    words = next((value for key, value in pairs if key == WORDS), "")
    filters = (f"+{key}:{search_query.quoted(value)}" for key, value in pairs if key != WORDS)
    return Asked(words, tuple(filters))


def news_of(
    before: Mapping[str, str] | None, now: Mapping[str, str], *, wider: bool, closer: bool
) -> str:
    """Return what a decision was to those who follow a dataset.

    :param before: file → its version that was served until then; ``None``: nothing was decided.
    :param now: the same from then on.
    :param wider: more may be read by more than before; ``closer``: less.
    """
    if closer:
        return CLOSED
    if before is None or wider:
        return PUBLISHED
    return VERSION if dict(before) != dict(now) else DECIDED


@lru_cache(maxsize=1)
def following() -> Following:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Following.of(Source.read(paths.schemas() / "following.yaml"))
