"""One write on its way through the gate: what was planned, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...agencies.rules.duties import Actor
from ..records.model import Case, Decision
from .plan import Plan


@dataclass
class Gate:
    """One write on its way: what was planned, and for whom."""

    plan: Plan
    actor: Actor
    files: dict[str, dict[str, Any]]
    case: Case | None = None
    decision: Decision | None = None
    warnings: list[dict[str, Any]] = field(default_factory=list)
    """What the texts may reveal, where that does not refuse the save.

    See :mod:`..records.text_findings`.
    """

    @property
    def touches_case(self) -> bool:
        """The write brings bytes or changes the proposal, so it needs a case."""
        return bool(self.plan.axes or self.plan.bytes)
