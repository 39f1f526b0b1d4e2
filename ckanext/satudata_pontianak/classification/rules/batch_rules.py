"""What may be decided together, and which files of it have to be opened before. Pure.

Read from ``schemas/batches.yaml``.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ... import paths
from ...messages import Message
from ...msgids import N_
from ...surface.yaml_source import Source

TOO_MANY = N_("At most %(most)s cases are decided together. Choose fewer.")
AGENCIES = N_("Cases decided together are of one agency. Choose those of one agency.")
PROPOSALS = N_(
    "Cases decided together have one proposed classification. Choose those that propose the same."
)
APART = N_("The check of its files is not clear: it stands apart. Decide this case by itself.")
UNOPENED = N_("Open these files first, they were drawn as the sample: %(titles)s.")

_DIGITS = 16


@dataclass(frozen=True)
class Sample:
    """How many files are drawn."""

    least: int
    share: float


@dataclass(frozen=True)
class Rules:
    """What reviewers may decide together."""

    version: int
    most: int
    steps: list[str]
    clear: list[str]
    sample: Sample

    @classmethod
    def of(cls, source: Source) -> Rules:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        found = source.shaped(cls)
        source.require("give a number from 1", found.most > 0, "most")
        share = found.sample.least >= 0 and 0 <= found.sample.share <= 1
        source.require("give a share from 0 to 1", share, "sample")
        return found

    def size(self, count: int) -> int:
        """Return how many of so many cases are drawn."""
        return min(count, max(self.sample.least, math.ceil(count * self.sample.share)))


@cache
def rules() -> Rules:
    """Return the rules that come with the package."""
    return Rules.of(Source.read(paths.schemas() / "batches.yaml"))


@dataclass(frozen=True)
class Chosen:
    """A case among others."""

    dataset_id: str
    name: str
    title: str
    owner: str
    proposal: tuple[str, ...]
    """The three axes, as assessed or else proposed."""
    verdict: str
    drawable: bool
    """Whether it has a file to be opened, and is not like what was decided before."""

    @property
    def apart(self) -> bool:
        """Whether it is decided by itself, because of what the check says."""
        return self.verdict not in rules().clear


def governs(step: str, count: int) -> bool:
    """Tell whether so many cases are a batch to which the rules apply; one alone is none."""
    return count > 1 and step in rules().steps


def against(chosen: Sequence[Chosen]) -> list[Message]:
    """Return why these cases are not decided together; nothing where they may be."""
    limits, told = rules(), []
    if len(chosen) > limits.most:
        told.append(Message(TOO_MANY, {"most": limits.most}))
    if len({each.owner for each in chosen}) > 1:
        told.append(Message(AGENCIES))
    if len({each.proposal for each in chosen}) > 1:
        told.append(Message(PROPOSALS))
    return told


def lot(key: bytes, person: str, dataset: str, waits: Iterable[str]) -> str:
    """Return the lot of a case: 16 hexadecimal digits, foreseen by nobody.

    It is the same whatever others are chosen with it, so that no choice of them improves it.

    :param key: a secret of the portal.
    :param waits: the versions of the dataset that wait.
    """
    said = "\n".join([person, dataset, *sorted(waits)])
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def drawn(lots: Mapping[str, str], chosen: Iterable[Chosen]) -> list[str]:
    """Return the datasets that are drawn: whoever has the lots can draw them anew.

    Drawn are the lowest lots, as many as :meth:`Rules.size` says, and every one that lies in the
    share by itself: such a case is opened in each company in which it is decided.
    """
    names = [each.dataset_id for each in chosen if each.drawable and not each.apart]
    names.sort(key=lambda name: lots[name])
    below = rules().sample.share * 16**_DIGITS
    least = rules().size(len(names))
    return [n for place, n in enumerate(names) if place < least or int(lots[n], 16) < below]
