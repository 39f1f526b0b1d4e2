"""Is this a password that nobody guesses? Pure.

The common ones are the 30,000 most frequent passwords in the lists of zxcvbn (MIT licence; from
Mark Burnett's ten million). Its estimator is not asked: it takes seconds for some texts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import pairwise

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from ..messages import Message
from ..msgids import N_
from ..surface.accounts import Passwords

SHORT = N_(
    "A password needs at least %(count)s characters. A sentence of four words is easy to keep."
)
LONG = N_("A password has at most %(count)s characters.")
OWN = N_("A password does not contain the user name or the e-mail address.")
COMMON = N_(
    "This password is among the first that are tried. Choose another: four words that have "
    "nothing to do with one another are good."
)

ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz", "2wsx", "3edc", "4rfv", "5tgb")
_READ_AS = str.maketrans("@4803$5!17", "aaboessiit")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
SHORTEST_OWN = 4
SHORTEST_UNIT = 8
SHORTEST_WORD = 3


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Return the common passwords."""
    return frozenset(FREQUENCY_LISTS["passwords"])


def objections(password: str, own: Iterable[str], rules: Passwords) -> list[Message]:
    """Return what speaks against a new password; nothing: it is good.

    :param password: What was typed.
    :param own: The user's name, full name and e-mail address.
    :param rules: What is declared.
    """
    if len(password) < rules.shortest:
        return [Message(SHORT, {"count": rules.shortest})]
    if len(password) > rules.longest:
        return [Message(LONG, {"count": rules.longest})]
    folded = password.casefold()
    if any(word in folded for word in _own_words(own)):
        return [Message(OWN)]
    if is_common(folded, frozenset(rules.words)):
        return [Message(COMMON)]
    return []


def _own_words(own: Iterable[str]) -> set[str]:
    found = set()
    for text in own:
        folded = text.casefold().strip()
        found.add(folded)
        found.add(folded.partition("@")[0])
    return {word for word in found if len(word) >= SHORTEST_OWN}


def is_common(folded: str, words: Collection[str]) -> bool:
    """Tell whether a text in small letters is a common password, or one that was dressed up.

    Dressed up is: digits and signs before or behind, signs for letters, said twice, two common
    ones together, a row of keys or of the alphabet.
    """
    if _repeats(folded) or _is_row(folded):
        return True
    for text in (folded, folded.translate(_READ_AS)):
        bare = _EDGES.sub("", text)
        if not bare or text in common():
            return True
        if _known(bare, words) or _repeats(bare, SHORTEST_WORD) or _is_row(bare):
            return True
        if any(
            _known(bare[:at], words) and _known(bare[at:].lstrip("-_ .+"), words)
            for at in range(SHORTEST_WORD, len(bare) - SHORTEST_WORD + 1)
        ):
            return True
    return False


def _known(text: str, words: Collection[str]) -> bool:
    return text in words or text in common()


def _repeats(text: str, least: int = SHORTEST_UNIT) -> bool:
    """Tell whether a short piece is said over and over."""
    for size in range(1, min(len(text) // 2, max(least, SHORTEST_UNIT)) + 1):
        if all(text[at] == text[at - size] for at in range(size, len(text))):
            return True
    return False


def _is_row(text: str) -> bool:
    """Tell whether most letters follow the one before, in the alphabet or on a keyboard."""
    follows = sum(
        abs(ord(one) - ord(other)) <= 1
        or any(one + other in row or other + one in row for row in ROWS)
        for one, other in pairwise(text)
    )
    return follows >= 0.7 * max(1, len(text) - 1)
