"""Which versions of a dataset a reader may have, each asked of the policy.

A version of a dataset is what one decision gave: files, each with its bytes. Told are those files
of it alone that are given: what is served now, and what older ones the rules leave to be had
(``classification/rules/past.py``). Of others nothing is told, neither name nor hash nor how many.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...agencies.rules.duties import Actor
from ...classification.records import reads
from ...classification.rules.past import Decided, History, Kept
from ...classification.rules.policy import Channel, Facts, VersionFacts, as_governed, decide
from ...classification.versions import history

MOST = 50
"""Versions that are told of for one dataset, the newest first."""
State = Literal["served", "given"]


@dataclass(frozen=True)
class File:
    """A file of a version of a dataset; ``name``: what the file is called now."""

    kept: Kept
    state: State
    name: str


@dataclass(frozen=True)
class Edition:
    """A version of a dataset: the decision that gave it and its files.

    ``number``: in the order of those that are told of.
    """

    decision: Decided
    number: int
    files: Mapping[str, File]
    """Resource → file."""

    @property
    def since(self) -> dt.datetime:
        """When it was given first."""
        return self.decision.at


def editions(actor: Actor, dataset_id: str) -> list[Edition]:
    """Return the versions of a dataset whose data are given to everybody, the newest first.

    Where a decision gave the very files that the one before gave, it is no version of its own.
    One query besides that of the policy.
    """
    facts = as_governed(reads.facts_of(dataset_id))
    answer = decide(actor, facts, Channel.DATA)
    if not answer or "everyone" not in answer.readers or facts.decision is None:
        return []
    known = history.read(dataset_id)
    found: list[Edition] = []
    files: dict[tuple[str, str], File | None] = {}
    before: set[str] = set()
    for decision in known.decisions:
        told = {}
        for resource, version in decision.files.items():
            if (resource, version) not in files:
                files[resource, version] = _file(actor, facts, known, resource, version)
            file = files[resource, version]
            if file is not None:
                told[resource] = file
        ids = {file.kept.id for file in told.values()}
        if told and ids != before:
            before = ids
            found.append(Edition(decision, len(found) + 1, told))
    return found[: -MOST - 1 : -1]


def _file(
    actor: Actor, facts: Facts, known: History, resource: str, version_id: str
) -> File | None:
    """Return a file that the actor may have; nothing of what they may not."""
    version = known.versions.get(version_id)
    if version is None or resource not in known.served:
        return None
    served = known.served[resource] == version_id
    if served:
        asked = VersionFacts(True, sealed=version.sealed, resource_id=resource)
    else:
        asked = history.facts_of(known, version_id)
    if not decide(actor, facts, Channel.DATA, asked):
        return None
    return File(version, "served" if served else "given", known.names.get(resource, ""))
