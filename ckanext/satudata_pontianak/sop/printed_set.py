"""The printable set of all SOPs: cover, decree, lists, documents, readers; one PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import days
from ..classification.rules import indonesian
from ..ledger.canonical import digest_of
from ..smki.rules.definition import smki
from .documents import library
from .documents.definition import definitions
from .documents.rendering import WORDS
from .files import kept, set_file
from .papers import set_papers
from .revisions import store


def pdf(documents: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the set.

    :param documents: those that are in it, as ``satudata_sop_control_list`` gives them.
    :raises OSError: Pango is not installed on this machine.
    """
    translate, sop = indonesian.translator(), definitions().sop
    views = [_signed(library.shown(item["name"])) for item in documents]
    titled = [{**item, "title": view["title"]} for item, view in zip(documents, views, strict=True)]
    front = set_papers.front(
        titled,
        smki(),
        institution=sop.institution,
        unit=sop.unit,
        emblem=views[0]["emblem"] if views else None,
        today=days.today(),
        translate=translate,
    )
    told = (
        translate(set_papers.WORDS["title"]),
        front,
        views,
        set_papers.back(titled, translate=translate),
        translate(WORDS["page"]),
    )
    return kept.written(kept.Said(digest_of(["set", *told]), lambda: set_file.pdf(*told)))


def _signed(view: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the NIP of who signed it: the set is for the office alone."""
    enacted = view["enactment"]
    if not enacted:
        return view
    return {**view, "enactment": {**enacted, "nip": store.nip_of(view["name"])}}
