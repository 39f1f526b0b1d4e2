"""Who sees which SOP: all but those that PPID has not tested yet are for everybody."""

from __future__ import annotations

from ..agencies.rules.duties import Actor
from ..smki.records import roles
from .documents import library


def names(actor: Actor) -> list[str]:
    """Return the SOPs that a reader sees, in their order."""
    documents = library.documents()
    if all(document.public for document in documents.values()) or roles.inside(actor):
        return list(documents)
    return library.public()


def sees(actor: Actor, name: str) -> bool:
    """Tell whether there is such an SOP for a reader."""
    document = library.documents().get(name)
    return document is not None and (document.public or roles.inside(actor))
