"""Why: stable codes with parameters, which go into reports and the database.

What is said for a code stands in :mod:`.sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reason:
    """A stable code with its parameters. Parameters never hold a value that was found."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


NEEDS_PERSON = frozenset({"unsupported_format", "embedded_content", "no_content", "no_text"})
"""Reasons of content that is merely unreadable, so that a person may inspect it instead
(``inspectable`` in schemas/classification.yaml). All others say: damaged or hostile."""


def worse(known: Reason | None, new: Reason) -> Reason:
    """Return which of two reasons a report gives: what no person can clear comes first."""
    if known is None or (known.code in NEEDS_PERSON and new.code not in NEEDS_PERSON):
        return new
    return known
