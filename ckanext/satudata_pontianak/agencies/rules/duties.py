"""Which duties a person has, from memberships, the tree of agencies and delegations.

Pure: knows nothing of CKAN. The duties are those of Satu Data Indonesia at regional level
(Perpres 39/2019, articles 18-24) and of public information (UU 14/2008, article 13; the
superior of the PPID: Perki 1/2021).

Two things must never be confused:

* *publishing* for an agency, which editors and admins do, also for the agencies below it;
* a *deciding duty* (Walidata, PPID, its superior, Pembina Data, supervisor), which only the
  admins of the one body that holds it have, or a person it was delegated to for dated days.
  It never comes down the tree and never comes with the rights of a system administrator.

Whatever is unknown, inactive or out of date gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from ...msgids import N_
from . import tree


class Duty(StrEnum):
    """A duty that an agency can carry in its ``sdi_role``."""

    PRODUSEN = "produsen_data"
    """Produces data (Perpres 39/2019, article 22). Gives no deciding duty."""
    WALIDATA = "walidata"
    """Checks and disseminates; exactly one in the city (article 21 paragraph 2)."""
    PPID = "ppid"
    """Tests consequences and answers for public information (UU 14/2008, article 13)."""
    ATASAN_PPID = "atasan_ppid"
    """The PPID's superior, who approves what the PPID assessed."""
    PEMBINA = "pembina_data"
    """Guides statistics in the region: BPS (article 20)."""
    PENGAWAS = "pengawas"
    """Sees the ledger and the cases of all levels, never the data."""


LABELS: Mapping[str, str] = {
    Duty.PRODUSEN: N_("Data producer"),
    Duty.WALIDATA: N_("Data custodian (Walidata)"),
    Duty.PPID: N_("Public information officer (PPID)"),
    Duty.ATASAN_PPID: N_("Superior of the PPID"),
    Duty.PEMBINA: N_("Data supervisor (Pembina Data)"),
    Duty.PENGAWAS: N_("Internal auditor"),
    "operator": N_("Operator of the server"),
}
"""Each duty as people call it, and who takes steps by command and has none."""

DECIDING = frozenset(Duty) - {Duty.PRODUSEN}
"""Duties beyond producing data; changed by a sysadmin with a decree number only."""

SINGLE = frozenset({Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID})
"""Duties that exactly one body in the city holds."""

PUBLISHING_CAPACITIES = frozenset({"admin", "editor"})
CAPACITIES = frozenset({"admin", "editor", "member"})


def duties_of(values: Iterable[str]) -> frozenset[Duty]:
    """Read stored role names. An unknown name is no duty."""
    known = {d.value: d for d in Duty}
    return frozenset(known[v] for v in values if v in known)


@dataclass(frozen=True)
class Agency:
    """An organization of the portal, as far as duties need it."""

    id: str
    name: str
    title: str
    parent_id: str | None = None
    roles: frozenset[Duty] = frozenset()
    active: bool = True
    english: str = ""

    @property
    def deciding(self) -> frozenset[Duty]:
        """The duties of this body beyond producing data."""
        return self.roles & DECIDING


@dataclass(frozen=True)
class Membership:
    """A person's own membership of an agency."""

    agency_id: str
    capacity: str


@dataclass(frozen=True)
class Delegation:
    """A duty of a body laid on a named person for dated days, both days included (Plh/Plt)."""

    agency_id: str
    user_id: str
    start: date
    end: date
    duties: frozenset[Duty] | None = None
    """Which of the body's duties; ``None`` means all that it holds."""

    def holds_on(self, day: date) -> bool:
        """Is the delegation running on this day?"""
        return self.start <= day <= self.end


@dataclass(frozen=True)
class StandIn:
    """Break-glass: a system administrator stands in for at most one duty until a moment."""

    id: str
    duty: Duty | None
    """``None``: for no step of a case, only for acts on the site."""
    dataset_id: str | None
    """``None``: on the whole site."""
    since: datetime
    until: datetime

    def runs_at(self, moment: datetime) -> bool:
        """Is it running at this moment?"""
        return self.since <= moment < self.until


@dataclass(frozen=True)
class Actor:
    """A person as every rule of the portal sees them."""

    id: str | None
    name: str | None
    sysadmin: bool = False
    active: bool = True
    member_of: frozenset[str] = field(default_factory=frozenset)
    """Agencies with any own membership."""
    publishes_for: frozenset[str] = field(default_factory=frozenset)
    """Agencies as editor or admin, and all agencies below these."""
    administers: frozenset[str] = field(default_factory=frozenset)
    """Agencies as admin; does not come down the tree."""
    duties: frozenset[Duty] = field(default_factory=frozenset)
    """Deciding duties. ``Duty.PRODUSEN`` is never here: ask ``publishes_for``."""
    break_glass: frozenset[StandIn] = field(default_factory=frozenset)
    """What runs for a system administrator now; a duty in one dataset is not in ``duties``."""

    @property
    def anonymous(self) -> bool:
        """Is this nobody we know?"""
        return self.id is None

    def has(self, duty: Duty) -> bool:
        """Does the person hold this deciding duty today?"""
        return duty in self.duties

    def on(self, dataset_id: str, owner_org: str | None) -> Actor:
        """Return the person as they stand to one dataset, with the duty stood in for there."""
        here = {s.duty for s in self.break_glass if s.dataset_id == dataset_id and s.duty}
        if not here:
            return self
        publishes = frozenset((owner_org,) if owner_org and Duty.PRODUSEN in here else ())
        return replace(
            self,
            duties=self.duties | (here & DECIDING),
            publishes_for=self.publishes_for | publishes,
        )


ANONYMOUS = Actor(None, None)


def actor_from(
    user_id: str | None,
    name: str | None,
    sysadmin: bool,
    active: bool,
    memberships: Iterable[Membership],
    agencies: Mapping[str, Agency],
    delegations: Iterable[Delegation] = (),
    today: date | None = None,
    break_glass: Iterable[StandIn] = (),
    now: datetime | None = None,
) -> Actor:
    """Work out what a person may be asked to do.

    Without ``today`` no delegation counts, and without ``now`` no break-glass, because none can
    be shown to run.
    """
    if user_id is None:
        return ANONYMOUS
    if not active:
        return Actor(user_id, name, sysadmin=False, active=False)
    known = {i: a for i, a in agencies.items() if a.active}
    own = [m for m in memberships if m.agency_id in known and m.capacity in CAPACITIES]
    publishes = {m.agency_id for m in own if m.capacity in PUBLISHING_CAPACITIES}
    administers = frozenset(m.agency_id for m in own if m.capacity == "admin")
    duties: set[Duty] = set()
    for agency_id in administers:
        duties |= known[agency_id].deciding
    for d in delegations:
        if d.user_id != user_id or d.agency_id not in known:
            continue
        if today is not None and d.holds_on(today):
            held = known[d.agency_id].deciding
            duties |= held if d.duties is None else held & d.duties
    running = frozenset(s for s in break_glass if sysadmin and now is not None and s.runs_at(now))
    stood_in = {s.duty for s in running if s.dataset_id is None and s.duty}
    duties |= stood_in & DECIDING
    parents = {i: a.parent_id for i, a in known.items()}
    return Actor(
        id=user_id,
        name=name,
        sysadmin=sysadmin,
        active=True,
        member_of=frozenset(m.agency_id for m in own),
        publishes_for=frozenset(publishes) | tree.descendants(publishes, parents),
        administers=administers,
        duties=frozenset(duties),
        break_glass=running,
    )


def bodies(agencies: Mapping[str, Agency], duty: Duty) -> list[Agency]:
    """The active agencies that carry a duty, in a fixed order."""
    found = [a for a in agencies.values() if a.active and duty in a.roles]
    return sorted(found, key=lambda a: a.name)
