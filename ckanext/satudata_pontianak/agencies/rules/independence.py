"""Whether two accounts are two people, as far as their making tells.

Pure. Whoever made an account, set its password or its mailbox, or made a token of it can act as
that account. So an account is never independent of whoever had it in hand, nor of another one
that the same person had in hand; and this goes on from hand to hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Hands = Mapping[str, Iterable[str]]
"""Account → the accounts that had it in hand."""


def origins(account: str, hands: Hands) -> frozenset[str]:
    """Return the account and everybody who had it in hand, themselves or through others."""
    found, waiting = {account}, [account]
    while waiting:
        for maker in hands.get(waiting.pop(), ()):
            if maker not in found:
                found.add(maker)
                waiting.append(maker)
    return frozenset(found)


def independent(one: str, other: str, hands: Hands) -> bool:
    """Tell whether two accounts share nobody who had them in hand.

    An account without a name is one that is about to be made: it is independent of nobody.
    """
    if not one or not other:
        return False
    return origins(one, hands).isdisjoint(origins(other, hands))
