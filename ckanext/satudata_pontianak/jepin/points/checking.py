"""Says at upload and at submission how a file fits the profile of its dataset."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from ... import clock, days
from ...classification.rules import profiled
from ...classification.rules.profiled import Fit
from ...classification.versions import storage
from ...messages import Message
from ...msgids import N_
from ..rules import point_rules
from ..rules.point_definition import Profile, profiles
from ..rules.point_rules import Table

IN_FILE = N_("%(file)s: %(problem)s")
NO_PROFILE = N_("There is no such profile of infrastructure.")


def join() -> None:
    """Have the gate and the steps of a case ask here.

    :raises DefinitionError: a profile is wrong; naming file, line and reason.
    """
    profiles()
    profiled.join(fit)


def now() -> dt.datetime:
    """Return the moment, by the city's clock."""
    return clock.now().astimezone(days.CITY)


def fit(profile: str, filename: str, sha256: str | None) -> Fit:
    """Return how a file fits a profile; what is not kept here cannot be read, so it does not."""
    known = profiles().get(profile)
    if known is None:
        return Fit((Message(NO_PROFILE),))
    try:
        found = table(profile, filename, str(sha256 or ""), now().date())
    except (FileNotFoundError, ValueError):
        return Fit((Message(profiled.NOT_READ, {"file": filename}),))
    return Fit(
        tuple(_in(filename, problem) for problem in found.problems),
        tuple(_in(filename, problem) for problem in point_rules.too_open(found)),
    )


def _in(filename: str, problem: Message) -> Message:
    return Message(IN_FILE, {"file": filename, "problem": problem})


@lru_cache(maxsize=64)
def table(profile: str, filename: str, sha256: str, day: dt.date) -> Table:
    """Return a kept file as a table of a known profile, as it is read on a day.

    :raises FileNotFoundError: the bytes are not there.
    :raises ValueError: this is no name of bytes.
    """
    return read(profiles()[profile], filename, sha256)


def read(profile: Profile, filename: str, sha256: str) -> Table:
    """Return a kept file as a table of its profile.

    :raises FileNotFoundError: the bytes are not there.
    :raises ValueError: this is no name of bytes.
    """
    with storage.open_file(sha256) as stream:
        content = stream.read(profile.common.limits.bytes + 1)
    return point_rules.read(profile, filename, content, now())
