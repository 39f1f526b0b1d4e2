"""One dataset of a real site, and what random people do to it through the API.

Everything that is written carries words of its own, so that what an exit shows can be told
without trusting its status.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.rules.definition import OPERATOR, workflow
from ckanext.satudata_pontianak.classification.rules.policy import has_duty

from ...city import AXES_LIMITED, AXES_OPEN, City, upload
from .walk_truth import Bytes, Stored, Truth

WHY = "Alasan yang cukup panjang"
# Whoever acts and reads; `None` is nobody, `admin` runs the site.
PEOPLE: tuple[str | None, ...] = (
    None,
    "warga",
    "produsen",
    "produsen_2",
    "kepala_dinkes",
    "staf",
    "produsen_lain",
    "pegawai_dinsos",
    "walidata",
    "walidata_2",
    "ppid",
    "ppid_2",
    "penetap",
    "pengawas",
    "admin",
)
AXES = (
    AXES_OPEN,
    AXES_LIMITED,
    {**AXES_LIMITED, "data_pribadi": "umum"},
    {**AXES_LIMITED, "tingkat_keamanan": "rahasia"},
    {**AXES_LIMITED, "tingkat_keamanan": "sangat_rahasia"},
)
RECIPIENTS = (["disdukcapil"], ["dinsos"], ["semua_perangkat_daerah"], [])
BACK = frozenset({"withdraw", "recall", "return", "send_back"})
JOINED = ("warga", "pegawai_dinsos", "produsen_lain", "staf", "produsen_2")
ROLES = ("member", "editor", "admin")
BODIES = {"diskominfo": "walidata", "ppid": "ppid", "setda": "penetap", "inspektorat": "pengawas"}


class Site:
    """A dataset, the people around it, and what they try."""

    def __init__(self, city: City, run: int, counts: Counter[str]) -> None:
        self.city, self.run, self.counts = city, run, counts
        self.log: list[str] = []
        self.bytes: list[Bytes] = []
        self.titles: list[str] = []
        self.notes: list[str] = []
        city.restore()
        search.clear_all()
        self.title, self.note = self._word("judul", 0), self._word("uraian", 0)
        self._first = f"dinkes-walk-{run}q"
        self.id = ""

    @property
    def name(self) -> str:
        """What the dataset is called now: a decision may hide it behind another name."""
        package = model.Package.get(self.id) if self.id else None
        return package.name if package else self._first

    def _word(self, kind: str, number: int) -> str:
        word = f"{kind}q{self.run}x{number}q"
        {"judul": self.titles, "uraian": self.notes}[kind].append(word)
        return word

    # ------------------------------------------------------------------------------- the state

    def actor(self, who: str | None) -> Actor:
        """Return what the policy knows about somebody."""
        name = None if who is None else self._user(who)
        return registry.actor_for(name)

    def _user(self, who: str) -> str:
        return self.city.admin["name"] if who == "admin" else self.city.users[who]["name"]

    def truth(self) -> Truth:
        """Return what the policy says at this moment."""
        model.Session.rollback()
        model.Session.expire_all()
        pointers = reads.pointers_of([self.id])
        versions: dict[str, list[Stored]] = {}
        active = set(self.resources(active=True))
        for each in self.versions():
            found = pointers.get(each.resource_id)
            asked = reads.version_facts(each, found[0] if found else None)
            stored = Stored(
                each.id,
                each.resource_id,
                each.state,
                each.created,
                asked,
                each.resource_id in active,
            )
            versions.setdefault(str(each.sha256), []).append(stored)
        covered = model.Session.scalars(sa.text("SELECT sha256 FROM satudata_decision_version"))
        return Truth(reads.facts_of(self.id), versions, frozenset(covered))

    def versions(self) -> list[Version]:
        """Return every version of the dataset, the oldest first."""
        query = sa.select(Version).where(Version.package_id == self.id)
        return list(model.Session.scalars(query.order_by(Version.created, Version.id)))

    def resources(self, *, active: bool = False) -> list[str]:
        """Return the ids of the resources, also of those that were removed unless asked."""
        query = sa.select(model.Resource.id).where(model.Resource.package_id == self.id)
        if active:
            query = query.where(model.Resource.state == "active")
        return list(model.Session.scalars(query.order_by(model.Resource.id)))

    # -------------------------------------------------------------------------------- the acts

    def attempt(self, what: str, who: str | None, act: Callable[[], Any]) -> None:
        """Try something; a refusal leaves everything as it was."""
        self.counts["steps"] += 1
        try:
            act()
        except (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound) as refusal:
            self.counts["refused"] += 1
            self.log.append(f"{what} by {who}: refused, {str(refusal)[:120]}")
        else:
            self.counts[f"did: {what.partition(' ')[0]}"] += 1
            self.log.append(f"{what} by {who}")
        model.Session.rollback()

    def create(self, axes: dict[str, str], *, file: bool = True) -> None:
        """Create the dataset, with a file where its level keeps any."""
        made = self.city.dataset(
            file=False, name=self._first, title=self.title, notes=self.note, **axes
        )
        self.id = made["id"]
        self.log.append(f"created as {axes['tingkat_keamanan']}")
        if file:
            self.write("produsen", 0)

    def write(self, who: str | None, number: int) -> None:
        """Bring a file, or new bytes of one; no two files of a run are alike."""
        new = Bytes(len(self.bytes), self.run)
        self.bytes.append(new)
        file = upload(new.content, new.traces["file"] + ".csv")
        values: dict[str, Any] = {"name": new.name, "upload": file}
        known = self.resources()
        # Two files at most, so that most writes bring new bytes of one.
        if number < len(known):
            chosen = known[number]
            action = ("resource_patch", "resource_update")[new.number % 2]
            self.attempt(
                f"write {action} {new.number}",
                who,
                lambda: self.city.act(who, action, id=chosen, **values),
            )
        elif len(known) < 2:
            self.attempt(
                f"write new {new.number}",
                who,
                lambda: self.city.act(who, "resource_create", package_id=self.id, **values),
            )

    def describe(self, who: str | None) -> None:
        """Change title and notes."""
        title = self._word("judul", len(self.titles))
        note = self._word("uraian", len(self.notes))
        self.attempt(
            "describe",
            who,
            lambda: self.city.act(who, "package_patch", id=self.id, title=title, notes=note),
        )
        package = model.Package.get(self.id)
        if package is not None:
            self.title, self.note = str(package.title), str(package.notes)

    def propose(self, who: str | None, number: int) -> None:
        """Change the axes of the proposal."""
        axes = AXES[number % len(AXES)]
        self.attempt(
            f"propose {axes['tingkat_keamanan']}",
            who,
            lambda: self.city.act(who, "package_patch", id=self.id, **axes),
        )

    def forward(self, number: int, axes: int, *, back: bool) -> None:
        """Somebody with the duty takes one of the steps that lead on, or back."""
        case = reads.open_case(self.id)
        if case is None:
            return
        facts = reads.facts_of(self.id)
        steps = [
            t
            for t in workflow().from_state(case.state)
            if case.kind in t.kinds and t.by != OPERATOR and (t.name in BACK) == back
        ]
        if not steps:
            return
        chosen = steps[number % len(steps)]
        agency = (case.changes or {}).get("owner_org") if chosen.of == "target" else facts.owner_org
        parts = reads.parts_of(case.id)
        acted = {p for part in chosen.exclude for p in parts.get(part, ())}
        actors = {who: self.actor(who) for who in PEOPLE}
        able = [w for w, a in actors.items() if has_duty(a.on(self.id, agency), chosen.by, agency)]
        able = [w for w in able if actors[w].id not in acted] or able
        if able:
            self.step(able[number % len(able)], chosen.name, axes)

    def step(self, who: str | None, name: str, number: int) -> None:
        """Take a step with whatever it may ask for."""
        case = reads.open_case(self.id)
        known = [
            t for t in workflow().from_state(case.state if case else "") if t.name == name
        ]  # fmt: skip
        level = AXES[number % len(AXES)]["tingkat_keamanan"]
        values = {
            **self.city.assess_fields(),
            "catatan": WHY,
            "alasan": WHY,
            "nomor": "SK-7/2026",
            "penerima": RECIPIENTS[number % len(RECIPIENTS)],
            "lanjut": "walidata",
        }
        if known and known[0].axes == "closed":
            values.update(AXES[1 + number % 4])
        elif known and known[0].axes:
            values.update(AXES_OPEN)
        assessed = (case.assessment or {}).get("axes", {}) if case else {}
        if assessed.get("tingkat_keamanan") != "terbatas":
            values.pop("penerima")
        fields = {k: v for t in known for k, v in values.items() if k in t.fields}
        self.attempt(
            f"{name} {level if known and known[0].axes else ''}",
            who,
            lambda: self.city.step(who, {"id": self.id}, name, **fields),
        )

    def reopen(self, who: str | None, number: int) -> None:
        """Open a case on what was decided."""
        kind = ("classify", "classify", "classify", "remove", "move")[number % 5]
        more = {"move": {"owner_org": "dinsos"}, "remove": {"removes": "dataset"}}.get(kind, {})
        self.attempt(
            f"reopen {kind}",
            who,
            lambda: self.city.step(
                who, {"id": self.id}, "reopen", case_kind=kind, reason=WHY, **more
            ),
        )

    def hold(self, who: str | None, number: int) -> None:
        """Hold the data, or everything."""
        scope = ("data", "all")[number % 2]
        self.attempt(
            f"hold {scope}",
            who,
            lambda: self.city.act(who, "satudata_hold_create", id=self.id, scope=scope, reason=WHY),
        )

    def release(self, who: str | None) -> None:
        """Lift the newest hold; where there is none, one is placed first."""
        if not reads.active_holds(self.id):
            self.hold("kepala_dinkes", 0)
        holds = reads.active_holds(self.id)
        if holds:
            newest = holds[-1].id
            self.attempt(
                "release",
                who,
                lambda: self.city.act(
                    who, "satudata_hold_release", id=self.id, hold=newest, ground="examined",
                    reason=WHY,
                ),
            )  # fmt: skip

    def join(self, number: int) -> None:
        """Make somebody a member of an agency, in some role."""
        agency = ("dinkes", "dinsos", "disdukcapil", "ppid", "diskominfo")[number % 5]
        who, role = JOINED[number % len(JOINED)], ROLES[number // 5 % 3]
        self.attempt(f"join {who} {agency} {role}", "admin", lambda: self.city.join(
            agency, who, role))  # fmt: skip

    def leave(self, number: int) -> None:
        """Take somebody out of an agency."""
        agency = ("dinkes", "dinkes", "dinsos", "disdukcapil")[number % 4]
        who = ("staf", "produsen", "pegawai_dinsos", "produsen_lain")[number % 4]
        self.attempt(
            f"leave {who} {agency}",
            "admin",
            lambda: self.city.act(
                "admin", "organization_member_delete", id=agency, username=self._user(who),
                nomor_sk="SK/2/2026",
            ),
        )  # fmt: skip

    def delegate(self, number: int) -> None:
        """Lay a body's duty on somebody for today and tomorrow, or take one back."""
        body, head = list(BODIES.items())[number % 4]
        who = ("warga", "staf", "produsen_2", "pegawai_dinsos")[number // 4 % 4]
        today = days.today()
        dates = {"from": today.isoformat(), "until": (today + dt.timedelta(days=1)).isoformat()}

        def give() -> None:
            self.city.act(
                head, "satudata_delegation_create", organization=body, user=self._user(who),
                nomor_sk="SPT/9/2026", **dates,
            )  # fmt: skip

        def take() -> None:
            known = self.city.act("admin", "satudata_delegation_list", organization=body)
            for each in [d for d in known if d["running"]]:
                self.city.act("admin", "satudata_delegation_revoke", id=each["id"])

        if number % 3 == 2:
            self.attempt(f"revoke {body}", "admin", take)
        else:
            self.attempt(f"delegate {body} to {who}", head, give)

    def break_glass(self, number: int) -> None:
        """The system administrator breaks the glass, or ends it."""
        until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)).isoformat()
        duty = ("walidata", "ppid", "atasan_ppid", "produsen_data")[number % 4]
        if number % 3 == 2:
            self.attempt("glass ended", "admin", lambda: self.city.act(
                "admin", "satudata_break_glass_end"))  # fmt: skip
        else:
            self.attempt("glass", "admin", lambda: self.city.act(
                "admin", "satudata_break_glass_start", reason=WHY, until=until, id=self.id,
                duty=duty))  # fmt: skip

    def grant(self, number: int) -> None:
        """Somebody asks for the data, and somebody answers; where the site knows requests."""
        try:
            tk.get_action("satudata_access_request_create")
        except KeyError:
            self.counts["no requests on this site"] += 1
            return
        who = ("warga", "pegawai_dinsos", "produsen_lain")[number % 3]
        until = (days.today() + dt.timedelta(days=30)).isoformat()
        asked: list[dict[str, Any]] = []
        self.attempt("ask", who, lambda: asked.append(self.city.act(
            who, "satudata_access_request_create", id=self.id, until=until,
            purpose="Penelitian tentang keadaan kota ini")))  # fmt: skip
        answerers = ("ppid", "walidata", "kepala_dinkes")
        for answerer in answerers if asked else ():
            self.attempt("grant", answerer, lambda by=answerer: self.city.act(
                by, "satudata_access_request_decide", request=asked[0]["id"], grant=True,
                reason=WHY))  # fmt: skip
