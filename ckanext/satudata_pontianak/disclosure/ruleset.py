"""The identity of the rules: a verdict belongs to bytes *and* to a ruleset.

Stored scans are kept by it, and a rescan is due when it differs. Whoever changes a recogniser, a
score or words gives it a new name where the change is: ``since`` of the kind, or below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .recognizers import RECOGNIZERS

_LARGEST = 1024 * 1024
READERS = "2026.3"
"""The ruleset that changed last how files are read."""
SHARED = "2026.3"
"""The ruleset that changed last what kinds share (words, ``persons``, the threshold): with it each
kind counts as changed, so that what people said of findings lapses, and is asked again."""


def _newest(*rulesets: str) -> str:
    return max(rulesets, key=lambda name: tuple(int(part) for part in name.split(".")))


@dataclass(frozen=True)
class Ruleset:
    """Which kinds are looked for and from which score on a finding counts.

    ``unchanged_since``: kind → the ruleset in which its rule was changed last, where that was an
    earlier one; ``inspected`` stands there for how files are read. Any other counts as changed.
    """

    id: str
    kinds: tuple[str, ...]
    threshold: float = 0.35
    unchanged_since: Mapping[str, str] = field(default_factory=dict)

    def rule(self, kind: str) -> str:
        """Return the ruleset in which the rule of a kind was changed last."""
        return self.unchanged_since.get(kind, self.id)


KINDS = tuple(RECOGNIZERS)
"""Every kind. Special categories, coordinates and addresses of homes are judged by table: in
metadata text only kinds with an identifier or with a word that introduces them are found."""

_CHANGED = {kind: _newest(r.since, SHARED) for kind, r in RECOGNIZERS.items()}
_CHANGED["inspected"] = READERS

RULESET = _newest(*_CHANGED.values())
DEFAULT = Ruleset(
    RULESET,
    KINDS,
    unchanged_since={kind: since for kind, since in _CHANGED.items() if since != RULESET},
)


def choose(given: str | None) -> Ruleset:
    """Return the ruleset of an id or of a JSON file.

    The file is an object with ``id`` (a name of its own, which the report repeats), ``kinds``
    (a list, default all) and ``threshold`` (0 to 1, the score from which on a finding counts).

    :raises ValueError: there is no such ruleset, or the file is not one; says what is wrong.
    """
    if given is None or given == DEFAULT.id:
        return DEFAULT
    path = Path(given)
    if not path.is_file():
        raise ValueError(f"{given} is neither {DEFAULT.id} nor a file")
    try:
        data = json.loads(path.read_bytes()[:_LARGEST].decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        raise ValueError(f"{given} is not readable JSON") from None
    if not isinstance(data, dict) or data.keys() - {"id", "kinds", "threshold"}:
        raise ValueError("a ruleset is an object with id, kinds and threshold")
    name, kinds = data.get("id"), data.get("kinds", list(DEFAULT.kinds))
    threshold = data.get("threshold", DEFAULT.threshold)
    if not isinstance(name, str) or not name.strip() or name == DEFAULT.id:
        raise ValueError("id must be a name of its own")
    if not isinstance(kinds, list) or not kinds or not all(k in DEFAULT.kinds for k in kinds):
        raise ValueError(f"kinds must be some of {', '.join(DEFAULT.kinds)}")
    if type(threshold) not in (int, float) or not 0 <= threshold <= 1:
        raise ValueError("threshold must be a number from 0 to 1")
    # In the order of the rules themselves, each once.
    chosen = tuple(kind for kind in DEFAULT.kinds if kind in kinds)
    return Ruleset(name, chosen, float(threshold))
