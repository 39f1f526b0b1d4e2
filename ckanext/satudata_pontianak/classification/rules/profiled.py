"""Whether the files of a dataset fit the profile that it names. Pure.

Which profiles there are, and what fits, is said in a room above, which joins (:func:`join`). While
nothing joined, no file of a dataset with a profile fits: closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ...messages import Message
from ...msgids import N_

FIELD = "profil_infrastruktur"
"""The field of a dataset that names its profile."""
NOT_READ = N_("%(file)s: it could not be held against the profile")


@dataclass(frozen=True)
class Fit:
    """What does not fit; ``too_open``: what would not if everybody may have it."""

    problems: tuple[Message, ...] = ()
    too_open: tuple[Message, ...] = ()


FITS = Fit()
Look = Callable[[str, str, str | None], Fit]
"""Gives how a file fits: by the name of the profile, its own name, and its SHA-256 if any."""


def _nothing(profile: str, filename: str, sha256: str | None) -> Fit:
    return Fit((Message(NOT_READ, {"file": filename}),))


_joined: Look = _nothing


def join(look: Look) -> None:
    """Have a room above say how files fit."""
    global _joined  # noqa: PLW0603 - one site has one rule
    _joined = look


def fit(profile: Any, files: Iterable[tuple[str, str | None]]) -> Fit:
    """Return how files fit the profile of their dataset; all do where it names none.

    :param files: name and SHA-256 of each.
    """
    if not profile:
        return FITS
    found = [_joined(str(profile), *file) for file in files]
    return Fit(
        tuple(message for each in found for message in each.problems),
        tuple(message for each in found for message in each.too_open),
    )
