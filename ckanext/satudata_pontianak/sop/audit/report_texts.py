"""What the reports are called, and what is said before their tables."""

from __future__ import annotations

from ...messages import Message

CONFORMANCE = Message("Conformance report")
CONFORMANCE_INTRO = Message(
    "From %(first)s to %(last)s. The ledger is replayed against the workflow that was in force at "
    "each step. What only files and metadata could tell, the conditions of a step, is not in the "
    "ledger and is not replayed."
)
TRANSPARENCY = Message("Transparency")
TRANSPARENCY_INTRO = Message(
    "From %(first)s to %(last)s. How the city decides which data are open: counted from the ledger "
    "in which every step stands."
)
EVIDENCE = Message("Evidence sheets")
EVIDENCE_INTRO = Message(
    "Year %(year)s. What assessments ask for, and what the portal measured. The numbers prove what "
    "happened here, never a level of maturity: that is for the assessor to say."
)
