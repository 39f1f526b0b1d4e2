"""Which decisions stand in which register, and which of them are called by their title.

Pure. A register is a public document: it says the same to everybody, so the policy is asked for
somebody without a name. Source: UU 14/2008 Articles 11 and 17; Perki 1/2021.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from ...agencies.rules.duties import Actor
from ...classification.rules.axes import Classification
from ...classification.rules.policy import Channel, DecisionFacts, Facts, decide

REGISTERS = ("dip", "dik")
EVERYBODY = Actor(None, None)
_SCOPES = ("data", "all")


@dataclass(frozen=True, order=True)
class Listed:
    """A kind of decision that stands in a register.

    ``holds``: the scopes of the holds on its dataset; ``named``: title and address may be told.
    """

    level: str
    holds: tuple[str, ...]
    named: bool


def facts_of(level: str, holds: tuple[str, ...] = ()) -> Facts:
    """Return what the policy looks at, for somebody without a name."""
    return Facts("-", None, decision=DecisionFacts(level), holds=frozenset(holds))


def listed(register: str, rules: Classification) -> tuple[Listed, ...]:
    """Return the kinds of decisions that stand in a register, item by item.

    What is open stands in ``dip`` where everybody may see its metadata. What is excluded stands in
    ``dik`` in the words of PPID at the levels that the file names, unless a hold hides it: a hold
    of everything takes it out of sight here as well.

    :param register: one of ``REGISTERS``.
    """
    found = []
    for level in sorted(rules.exclusion.registers[register]):
        for holds in _subsets():
            named = bool(decide(EVERYBODY, facts_of(level, holds), Channel.METADATA, rules=rules))
            shown = named if register == "dip" else not _hidden(holds, rules)
            if shown:
                found.append(Listed(level, holds, named))
    return tuple(sorted(found))


def _subsets() -> list[tuple[str, ...]]:
    return [s for n in range(len(_SCOPES) + 1) for s in itertools.combinations(_SCOPES, n)]


def _hidden(holds: tuple[str, ...], rules: Classification) -> bool:
    """Tell whether holds hide what everybody may know of without them."""
    open_level = min(rules.exclusion.registers["dip"])
    facts = facts_of(open_level, holds)
    return not decide(EVERYBODY, facts, Channel.EXISTS, rules=rules)
