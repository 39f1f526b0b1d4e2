"""Which rules the command uses: the ones it came with, or some of them from a file."""

from __future__ import annotations

import json
from pathlib import Path

from .ruleset import DEFAULT, Ruleset

_LARGEST = 1024 * 1024


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
