"""What somebody may follow: found by its name, or answered as an unknown one."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records import reads
from ...classification.rules.policy import Channel, decide
from ...classification.rules.refusals import readable
from ...metadata import codes
from ..search import facet_labels
from . import rules
from .rules import AGENCY, DATASET, REGION, SEARCH, TOPIC, WORDS, asked_of, following


@dataclass(frozen=True)
class Target:
    """What is followed. ``key``: as it is kept; ``name``: as addresses name it."""

    kind: str
    key: str
    name: str
    title: str
    type: str = ""


EVERYTHING = Target(rules.EVERYTHING, "", "", "")


def find(actor: Actor, kind: str, named: object) -> Target | None:
    """Return what somebody names; ``None``: there is no such thing, or none that they know of."""
    text = readable(named)
    if not text or kind not in following().kinds:
        return None
    if kind == DATASET:
        return _dataset(actor, text)
    if kind == AGENCY:
        agency = registry.agency(text)
        return agency and Target(kind, agency.id, agency.name, agency.title)
    if kind == SEARCH:
        kept = following().search_of(text)
        return Target(kind, kept, kept, _words(kept)) if kept else None
    code = {TOPIC: codes.urusan, REGION: codes.region}[kind](text)
    return Target(kind, code.code, code.code, code.label) if code else None


def _dataset(actor: Actor, named: str) -> Target | None:
    package = model.Package.get(named)
    if package is None or package.state != "active":
        return None
    if not decide(actor, reads.facts_of(package.id), Channel.METADATA):
        return None
    title = package.title or package.name
    return Target(DATASET, package.id, package.name, title, package.type)


def _words(kept: str) -> str:
    """Return a search in words, as its list of filters says them."""
    asked = asked_of(SEARCH, kept)
    said = [asked.words] if asked.words else []
    for query in asked.filters:
        field, _, value = query.lstrip("+").partition(":")
        said.append(_value(field, value.strip('"').replace("\\", "")))
    return ", ".join(said) or WORDS


def _value(field: str, value: str) -> str:
    if field == "organization":
        agency = registry.agency(value)
        return agency.title if agency else value
    return facet_labels.value_label(field, value)


def unknown() -> tk.ObjectNotFound:
    """Return the answer for what does not exist, and for what is hidden from who asks."""
    return tk.ObjectNotFound(tk._("There is nothing of this name that you could follow."))
