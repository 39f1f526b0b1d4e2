"""Versions that newer ones took the place of: what is known of each, for the policy.

A version is given again only where a person said so of the decision in force, an ordinary next
version took its place, and nothing that came since says otherwise: no incident, no hold, no request
of a data subject, no masking, no removal, no consequence test, no change of the axes, however it
ended. What closed a version closes it for good: a later decision opens only what was given after
that. Bytes are known by their SHA-256 and never by a name. What is not recorded closes the version.
The words stand under ``superseded`` in ``schemas/classification.yaml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from .axes import Superseded
from .policy import DecisionFacts, PastFacts

CLASSIFY = "classify"
CLEAR = "clear"
SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Decided:
    """A decision, from when to when, and the version of each file that it gave."""

    id: str
    case: str
    at: dt.datetime
    says: DecisionFacts
    personal: str
    in_force: bool
    older: bool
    """A person said that older versions may go on being given."""
    files: Mapping[str, str]
    """Resource → version."""
    begins: dt.date | None = None
    ends: dt.date | None = None
    review: dt.date | None = None
    kind: str = ""
    """The kind of information (the first axis)."""

    def valid(self, day: dt.date) -> bool:
        """Tell whether it has begun, and neither ended nor to be reviewed by then."""
        return (
            (self.begins is None or self.begins <= day)
            and (self.ends is None or self.ends >= day)
            and (self.review is None or self.review >= day)
        )


@dataclass(frozen=True)
class Judged:
    """A case, open or ended in whatever way; ``states``: those that it was in."""

    id: str
    kind: str
    reasons: tuple[str, ...]
    states: frozenset[str]
    ended: dt.datetime | None


@dataclass(frozen=True)
class Shadow:
    """Something that says that all was not well, until when it lasted; ``None``: it lasts.

    A hold, an incident, a request of a data subject, an incident of information security, a
    destruction, an emergency in which somebody stood in for another.
    """

    until: dt.datetime | None


@dataclass(frozen=True)
class Kept:
    """A version: the file that it is of, and its state; ``kept``: the bytes are here."""

    id: str
    resource: str
    state: str
    brought: dt.datetime
    sealed: bool = False
    masked: bool = False
    tainted: bool = False
    """The same bytes, here or in another dataset, are masked, sealed, purged, named by an incident
    or not clear by some scan."""
    kept: bool = False
    scans: Mapping[str, str] = field(default_factory=dict)
    """Ruleset → verdict."""
    sha256: str | None = None
    size: int | None = None
    filename: str = ""
    uploader: str | None = None


@dataclass(frozen=True)
class History:
    """All that was decided of a dataset and its files, as far as it is recorded."""

    decisions: tuple[Decided, ...] = ()
    """In their order."""
    cases: tuple[Judged, ...] = ()
    shadows: tuple[Shadow, ...] = ()
    versions: Mapping[str, Kept] = field(default_factory=dict)
    served: Mapping[str, str] = field(default_factory=dict)
    """Resource → the version that is served; of a file that was removed nothing."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Resource → what it is called now."""

    def disputed(self) -> bool:
        """Tell whether something lasts that says that all is not well."""
        return any(one.until is None for one in self.shadows)

    def since(self, version: Kept) -> tuple[Decided, ...]:
        """Return the decisions from the first that gave these bytes, in whatever file."""
        same = {v.id for v in self.versions.values() if v.sha256 == version.sha256}
        for number, decision in enumerate(self.decisions):
            if same & set(decision.files.values()):
                return self.decisions[number:]
        return ()


def past_facts(
    history: History, version_id: str, *, newest: str, today: dt.date, rules: Superseded
) -> PastFacts:
    """Return what the policy asks of a version; of one that is unknown what closes it.

    :param newest: the name of the rules that the scan has now.
    """
    version = history.versions.get(version_id)
    since = history.since(version) if version else ()
    if version is None or not since or not since[-1].in_force:
        return PastFacts()
    return PastFacts(
        decisions=tuple(decision.says for decision in since),
        said=since[-1].older,
        ordinary=_ordinary(history, version, since, rules),
        valid=all(decision.valid(today) for decision in since),
        clean=version.scans.get(newest) == CLEAR and set(version.scans.values()) == {CLEAR},
        disputed=history.disputed(),
        kept=version.kept and not version.sealed,
    )


def _ordinary(
    history: History, version: Kept, since: tuple[Decided, ...], rules: Superseded
) -> bool:
    """Tell whether an ordinary next version took the place of this one, and the next of that."""
    first = since[0].at
    served = history.versions.get(history.served.get(version.resource, ""))
    if version.state != SUPERSEDED or served is None or served.id == version.id:
        return False
    if any(decision.personal not in rules.data_pribadi for decision in since):
        return False
    if len({(decision.says, decision.kind, decision.personal) for decision in since}) > 1:
        return False  # it was classified anew
    later = {v for decision in since for v in decision.files.values()}
    if any(v not in history.versions or history.versions[v].masked for v in {*later, version.id}):
        return False
    if version.tainted or served.sha256 == version.sha256:
        return False
    if any(version.resource not in decision.files for decision in since):
        return False  # the file was taken away for a time
    if any(one.until is None or one.until >= first for one in history.shadows):
        return False
    return all(
        _is_ordinary(case, rules)
        for case in history.cases
        if case.id != since[0].case and not _before(case, first)
    )


def _before(case: Judged, first: dt.datetime) -> bool:
    return case.ended is not None and case.ended < first


def _is_ordinary(case: Judged, rules: Superseded) -> bool:
    reasons = set(case.reasons)
    said = bool(reasons) and reasons <= rules.replaced_by
    return case.kind == CLASSIFY and said and case.states <= rules.states
