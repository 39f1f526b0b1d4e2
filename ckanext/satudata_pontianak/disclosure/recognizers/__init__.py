"""The kinds: each class of this folder that names one, in the order of their ranks.

A new kind is a new file here, or in ``specific/`` if the law calls it so; nothing else names it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from ..finding import Evidence
from .base import Place, Recognizer, Tally


def _found() -> dict[str, Recognizer[Any]]:
    """Return one recogniser for each kind that a class in this folder names.

    :raises TypeError: two have the same name or the same rank.
    """
    modules = (import_module(m.name) for m in walk_packages(__path__, f"{__name__}."))
    classes = [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, Recognizer)
        and each.__module__ == module.__name__
        and "kind" in vars(each)
    ]
    for unique in ("kind", "rank"):
        if len({getattr(each, unique) for each in classes}) < len(classes):
            raise TypeError(f"two kinds of personal data have the same {unique}")
    return {each.kind: each() for each in sorted(classes, key=lambda each: each.rank)}


RECOGNIZERS = _found()
EVIDENCE = {
    evidence: frozenset(kind for kind, r in RECOGNIZERS.items() if r.evidence is evidence)
    for evidence in Evidence
}
"""Which kinds are evidence of what."""
OF_OFFICES = frozenset(kind for kind, r in RECOGNIZERS.items() if r.of_offices)

__all__ = ["EVIDENCE", "OF_OFFICES", "RECOGNIZERS", "Place", "Recognizer", "Tally"]
