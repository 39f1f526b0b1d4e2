"""What a record names as the definition that it was made under: its text, and the hash of that."""

from __future__ import annotations

from typing import Any

from ...ledger.canonical import canonical, digest
from .workflow import Engine

# The engine is made anew for each step; the definitions behind it are read once a process.
_texts: dict[tuple[int, int], tuple[Any, str, str]] = {}


def text_of(engine: Engine) -> tuple[str, str]:
    """Return hash and canonical text of what the engine applies: the workflow and the levels."""
    flow, rules = engine.workflow, engine.rules
    key = (id(flow), id(rules))
    found = _texts.get(key)
    if found is None:
        levels = [
            {"name": level.name, "open": level.open, "stores_files": level.stores_files}
            for level in rules.levels.values()
        ]
        # Canonical JSON sorts its keys; the order of the states says where a case begins.
        text = canonical({"workflow": flow.raw, "order": list(flow.states), "levels": levels})
        # The objects are kept with it, so that their numbers are not given to others.
        found = _texts[key] = ((flow, rules), digest(text), text)
    return found[1], found[2]
