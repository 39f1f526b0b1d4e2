"""What was uploaded in a random walk, and what the policy says of it at one moment."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.rules.policy import (
    Channel,
    Facts,
    VersionFacts,
    decide,
)


@dataclass(frozen=True)
class Bytes:
    """Content that somebody uploaded: the words in it, in its file's name, and its hash."""

    number: int
    run: int

    @property
    def cell(self) -> str:
        """Return a word that stands in a cell only."""
        return f"selq{self.run}x{self.number}q"

    @property
    def traces(self) -> dict[str, str]:
        """Return what shows something of the bytes without being in a cell."""
        return {
            "column": f"kolomq{self.run}x{self.number}q",
            "file": f"arsipq{self.run}x{self.number}q",
            "hash": hashlib.sha256(self.content).hexdigest(),
        }

    @property
    def name(self) -> str:
        """Return the name that the resource got with these bytes."""
        return f"berkasq{self.run}x{self.number}q"

    @property
    def content(self) -> bytes:
        """Return the file."""
        column = f"kolomq{self.run}x{self.number}q"
        return f"{column},penduduk\n{self.cell},145200\nlain,156782\n".encode()


@dataclass(frozen=True)
class Stored:
    """A version that was stored, as it stood at one moment."""

    id: str
    resource_id: str
    state: str
    created: dt.datetime
    asked: VersionFacts
    active: bool  # its resource was not removed


@dataclass(frozen=True)
class Truth:
    """What the policy says now: the facts, and each version that was stored."""

    facts: Facts
    versions: dict[str, list[Stored]]  # by SHA-256
    covered: frozenset[str]  # SHA-256 of whatever was approved at some time

    def may(self, actor: Actor, channel: Channel) -> bool:
        """Tell whether somebody may use a channel of the dataset."""
        return bool(decide(actor, self.facts, channel))

    def may_bytes(self, actor: Actor, sha256: str) -> bool:
        """Tell whether somebody may have the bytes, as any version."""
        return any(
            decide(actor, self.facts, Channel.DATA, version.asked)
            for version in self.versions.get(sha256, ())
        )

    def may_know_bytes(self, actor: Actor, sha256: str) -> bool:
        """Tell whether somebody may know name and hash: who has them, or checks what waits."""
        return self.may_bytes(actor, sha256) or any(
            not version.asked.approved
            and decide(actor, self.facts, Channel.METADATA, version.asked)
            for version in self.versions.get(sha256, ())
        )

    def may_name(self, actor: Actor, sha256: str) -> bool:
        """Tell whether somebody may read the name that a resource got with these bytes."""
        if self.may_know_bytes(actor, sha256):
            return True
        return sha256 in self.covered and self.may(actor, Channel.METADATA)

    def sees_case(self, actor: Actor) -> bool:
        """Tell whether somebody sees the evidence of the open case."""
        undecided = replace(self.facts, decision=None, holds=frozenset())
        return self.may(actor, Channel.METADATA) and bool(
            decide(actor, undecided, Channel.METADATA)
        )
