"""One write on its way through the gate: what was planned, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...agencies.rules.duties import Actor
from ..records import reads
from ..records.model import Case, Decision, Version
from .plan import Plan


@dataclass
class Gate:
    """One write on its way: what was planned, and for whom."""

    plan: Plan
    actor: Actor
    files: dict[str, dict[str, Any]]
    case: Case | None = None
    decision: Decision | None = None
    served: dict[str, Version] = field(default_factory=dict)
    """Resource id → the version that is served."""
    waiting: list[Version] = field(default_factory=list)
    """What waits, oldest first."""
    warnings: list[dict[str, Any]] = field(default_factory=list)
    """What the texts may reveal, where that does not refuse the save.

    See :mod:`..records.text_findings`.
    """

    @property
    def touches_case(self) -> bool:
        """The write brings bytes or changes the proposal, so it needs a case."""
        return bool(self.plan.axes or self.plan.bytes)

    def read(self, package_id: str) -> None:
        """Read once what stands of the dataset; its case is locked where the write touches it."""
        lock = self.touches_case or bool(self.plan.removed)
        self.case = reads.open_case(package_id, lock=lock)
        self.decision = reads.decision_in_force(package_id)
        self.served = {r: v for r, (_, v) in reads.pointers_of([package_id]).items()}
        self.waiting = reads.waiting_versions([package_id])
