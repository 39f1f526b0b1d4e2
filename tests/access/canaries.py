"""Words that stand nowhere else: where one is found, the content it was planted in got out.

A canary names its state and the kind of content, so that a leak can be told in words. Who may
see one is asked of the policy, never of what the portal did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.cases import show
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.rules.policy import (
    Channel,
    Facts,
    VersionFacts,
    decide,
)

WORD = re.compile(r"kenari\d\d[a-pr-z]+q")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HASH = re.compile(r"[0-9a-f]{64}")

# What the kinds of content are, and the channel that shows them.
OF_DATASET = {
    "id": Channel.EXISTS,
    "nama": Channel.EXISTS,
    "judul": Channel.METADATA,
    "uraian": Channel.METADATA,
    "konsep": Channel.METADATA,
    "tanda": Channel.METADATA,
    "kotak": Channel.METADATA,
}
OF_VERSION = {
    "berkas": Channel.METADATA,
    "ketberkas": Channel.METADATA,
    "arsip": Channel.DATA,
    "kolom": Channel.DATA,
    "sel": Channel.DATA,
    "hash": Channel.DATA,
    "tampilan": Channel.DATA,
}
CASE = "catatan"
# What the evidence of a case shows to whoever sees the case.
EVIDENCE = frozenset({"arsip", "kolom", "hash", "berkas", "ketberkas", "rid"})


@dataclass(frozen=True)
class Canary:
    """A word, the state it was planted in, the kind of content, the version it came with."""

    text: str
    state: str
    kind: str
    version: str | None = None


@dataclass
class Nest:
    """All canaries, and what the policy says of each."""

    canaries: dict[str, Canary] = field(default_factory=dict)
    datasets: dict[str, str] = field(default_factory=dict)  # state → dataset id

    def plant(self, text: str, state: str, kind: str, version: str | None = None) -> str:
        """Remember a word and return it."""
        self.canaries[text.lower()] = Canary(text.lower(), state, kind, version)
        return text

    def found_in(self, body: str) -> set[str]:
        """Return the canaries that stand in a text, whatever its letters' case."""
        text = body.lower()
        words = {*WORD.findall(text), *UUID.findall(text), *HASH.findall(text)}
        return words & self.canaries.keys()

    def allowed(self, actor: Actor, *, evidence: bool) -> set[str]:
        """Return the canaries that the policy lets this person see.

        :param evidence: the exit shows cases: names of files, columns and hashes belong to the
            evidence, which whoever sees the case sees.
        """
        facts = reads.facts_for(self.datasets.values())
        versions = _versions(self.canaries.values(), self.datasets.values())
        return {
            text
            for text, canary in self.canaries.items()
            if _may(actor, canary, facts.get(self.datasets[canary.state]), versions, evidence)
        }


def _versions(canaries: Iterable[Canary], ids: Iterable[str]) -> Mapping[str, VersionFacts]:
    from ckan import model

    pointers = {v.id: p for p, v in reads.pointers_of(ids).values()}
    wanted = {c.version for c in canaries if c.version}
    rows = model.Session.query(Version).filter(Version.id.in_(wanted))
    return {row.id: reads.version_facts(row, pointers.get(row.id)) for row in rows}


def _may(
    actor: Actor,
    canary: Canary,
    facts: Facts | None,
    versions: Mapping[str, VersionFacts],
    evidence: bool,
) -> bool:
    if facts is None:
        return False
    sees_case = show.may_see_case(actor, facts)
    if canary.kind == CASE:
        return sees_case
    if canary.version is None:
        return bool(decide(actor, facts, OF_DATASET[canary.kind]))
    version = versions[canary.version]
    if evidence and canary.kind in EVIDENCE and sees_case:
        return True
    if canary.kind == "rid":
        return bool(decide(actor, facts, Channel.EXISTS, version))
    channel = OF_VERSION[canary.kind]
    return bool(decide(actor, facts, channel, version))
