"""A city with a dataset in every state, and every person who might ask for it.

Built once a run through the public actions, and used by every test of the contract.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from ckan import model
from ckan.lib import search
from ckan.tests import factories

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.incidents import incidents
from ckanext.satudata_pontianak.classification.notices import notices
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.rules.policy import Facts
from ckanext.satudata_pontianak.jepin.records.reuse_model import Reuse, ReuseDataset
from ckanext.satudata_pontianak.smki import filling
from ckanext.satudata_pontianak.smki.records.helped_model import Helped

from ..city import AXES_LIMITED, AXES_OPEN, NAME_STANDS, City, upload
from .canaries import Nest
from .states import STATES

WHY = "Alasan yang cukup panjang"

# Who asks: name in the contract → name in the city. `None` is nobody.
ACTORS: dict[str, str | None] = {
    "anonymous": None,
    "citizen": "warga",
    "owner_member": "staf",
    "owner_editor": "produsen",
    "owner_admin": "kepala_dinkes",
    "recipient_member": "pegawai_disdukcapil",
    "recipient_editor": "produsen_lain",
    "recipient_admin": "kepala_disdukcapil",
    "other_member": "pegawai_dinsos",
    "other_editor": "editor_dinsos",
    "other_admin": "kepala_dinsos",
    "walidata": "walidata",
    "ppid": "ppid",
    "superior": "penetap",
    "auditor": "pengawas",
    "delegate_in_dates": "plh_ppid",
    "delegate_out_of_dates": "mantan_plh",
    "sysadmin": "admin",
    "sysadmin_break_glass": "admin_darurat",
}


class World:
    """The city, the states by name, and the canaries planted in them."""

    def __init__(self) -> None:
        self.city = City()
        self.nest = Nest()
        self.views: dict[str, str] = {}
        self._people()
        for name, build in STATES.items():
            self._build(name, build)
        self._around()
        model.Session.remove()

    def stands(self) -> bool:
        """Tell whether another test has emptied the site."""
        model.Session.rollback()
        wanted = list(self.nest.datasets.values())
        query = sa.select(sa.func.count()).where(model.Package.id.in_(wanted))
        return self.city.stands() and model.Session.scalar(query) == len(wanted)

    def actor(self, who: str) -> Actor:
        """Return what the policy knows about somebody."""
        name = ACTORS[who]
        if name is None:
            return registry.actor_for(None)
        user = self.city.admin if name == "admin" else self.city.users[name]
        return registry.actor_for(user["name"])

    def token(self, who: str) -> dict[str, str]:
        """Return the header with which somebody calls."""
        return self.city.token(ACTORS[who])

    # ------------------------------------------------------------------------- building

    def _people(self) -> None:
        city = self.city
        city.join("disdukcapil", "pegawai_disdukcapil", "member")
        city.join("disdukcapil", "kepala_disdukcapil", "admin")
        city.join("dinsos", "editor_dinsos", "editor")
        city.join("dinsos", "kepala_dinsos", "admin")
        today = days.today()
        for user, first in (("plh_ppid", 0), ("mantan_plh", 3)):
            city.act(
                "ppid",
                "satudata_delegation_create",
                organization="ppid",
                user=city.person(user)["name"],
                nomor_sk="SPT/9/2026",
                **{
                    "from": (today + dt.timedelta(days=first)).isoformat(),
                    "until": (today + dt.timedelta(days=first + 1)).isoformat(),
                },
            )
        city.users["admin_darurat"] = factories.Sysadmin(name="admin-darurat")
        until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=20)
        city.act(
            "admin_darurat",
            "satudata_break_glass_start",
            reason="Petugas berhalangan, tenggat hari ini",
            until=until.isoformat(),
            duty="walidata",
        )

    def word(self, state: str, kind: str, version: str | None = None) -> str:
        """Return the canary of a kind in a state."""
        number = list(STATES).index(state)
        return self.nest.plant(f"kenari{number:02d}{kind}q", state, kind, version)

    def _build(self, name: str, build: Callable[[World, str], Any]) -> None:
        build(self, name)

    def create(self, state: str, *, file: bool = True, **axes: Any) -> dict[str, Any]:
        """Create a dataset with a canary in everything that a person writes."""
        dataset = self.city.act_with(
            NAME_STANDS,
            "produsen",
            "package_create",
            {
                **_submission(),
                **AXES_OPEN,
                **axes,
                "owner_org": "dinkes",
                "name": self.word(state, "nama"),
                "title": self.word(state, "judul"),
                "notes": self.word(state, "uraian"),
                "konsep": self.word(state, "konsep"),
                "tag_string": self.word(state, "tanda"),
                "maintainer_email": self.word(state, "kotak") + "@contoh.pontianak.go.id",
            },
        )
        self.nest.datasets[state] = dataset["id"]
        self.nest.plant(dataset["id"], state, "id")
        if file:
            self.add_file(state, dataset["id"])
        return dataset

    def add_file(
        self, state: str, dataset_id: str, mark: str = "", resource: str | None = None
    ) -> str:
        """Upload a file, or new bytes of one, with canaries; return the resource's id."""
        number = list(STATES).index(state)
        words = {
            kind: f"kenari{number:02d}{mark}{kind}q"
            for kind in ("berkas", "ketberkas", "arsip", "kolom", "sel")
        }
        content = f"{words['kolom']},penduduk\n{words['sel']},145200\nlain,156782\n".encode()
        values: dict[str, Any] = {
            "name": words["berkas"],
            "description": words["ketberkas"],
            "upload": upload(content, words["arsip"] + ".csv"),
        }
        if resource is None:
            made = self.city.act("produsen", "resource_create", package_id=dataset_id, **values)
            resource = str(made["id"])
        else:
            self.city.act("produsen", "resource_patch", id=resource, **values)
        query = sa.select(Version).where(
            Version.resource_id == resource, Version.state == "waiting"
        )
        version = model.Session.scalars(query.order_by(Version.created.desc())).first()
        assert version is not None
        for kind, text in words.items():
            self.nest.plant(text, state, kind, version.id)
        self.nest.plant(version.sha256, state, "hash", version.id)
        if mark == "":
            self.nest.plant(resource, state, "rid", version.id)
        return resource

    def step(self, state: str, who: str, name: str, **fields: Any) -> None:
        """Take a step in the state's dataset."""
        self.city.step(who, {"id": self.nest.datasets[state]}, name, **fields)

    def to_walidata(self, state: str, **axes: Any) -> None:
        """Submit a new dataset."""
        self.create(state, **axes)
        self.step(state, "produsen", "submit")

    def to_ppid(self, state: str, **axes: Any) -> None:
        """Refer a new dataset."""
        self.to_walidata(state, **axes)
        self.step(state, "walidata", "refer", catatan=self.word(state, "catatan"))

    def publish(self, state: str) -> None:
        """Open a new dataset."""
        self.to_walidata(state)
        self.step(state, "walidata", "approve")
        self.add_view(state)

    def add_view(self, state: str) -> None:
        """Add a view of the first file, with a canary in its words."""
        resource = model.Session.scalars(
            sa.select(model.Resource.id).where(
                model.Resource.package_id == self.nest.datasets[state],
                model.Resource.state == "active",
            )
        ).first()
        version = next(
            c.version for c in self.nest.canaries.values() if (c.state, c.kind) == (state, "arsip")
        )
        made = self.city.act(
            "produsen",
            "resource_view_create",
            resource_id=resource,
            view_type="text_view",
            title=self.word(state, "tampilan", version),
            description=self.word(state, "tampilan", version),
        )
        self.views[state] = made["id"]

    def close(self, state: str, *, recipients: tuple[str, ...] = (), **fields: Any) -> None:
        """Let PPID and its superior decide what lies with PPID."""
        self.step(state, "ppid", "assess", **self.city.assess_fields(**fields))
        more = {"penerima": list(recipients)} if recipients else {}
        self.step(state, "penetap", "approve", nomor="SK-7/2026", **more)

    def limit(self, state: str, recipients: tuple[str, ...] = ("disdukcapil",)) -> None:
        """Decide a new dataset as limited."""
        self.to_ppid(state, **AXES_LIMITED)
        self.close(state, recipients=recipients)

    def reclassify(self, state: str, axes: dict[str, str], recipients: tuple[str, ...]) -> None:
        """Close what was open."""
        self.city.act("produsen", "package_patch", id=self.nest.datasets[state], **axes)
        self.step(state, "produsen", "submit")
        self.step(state, "walidata", "refer", catatan=self.word(state, "catatan"))
        self.close(state, recipients=recipients)

    def hold(self, state: str, scope: str) -> None:
        """Place a hold."""
        self.city.act(
            "walidata",
            "satudata_hold_create",
            id=self.nest.datasets[state],
            scope=scope,
            reason=WHY,
        )

    def facts(self) -> dict[str, Facts]:
        """Return what the policy knows about the dataset of each state."""
        found = reads.facts_for(self.nest.datasets.values())
        return {state: found[i] for state, i in self.nest.datasets.items()}

    def digest(self) -> dict[str, Any]:
        """Return what must not change while the doors are tried."""
        model.Session.rollback()
        query = sa.text(
            "SELECT p.name, p.title, p.state, p.private, p.owner_org,"
            " (SELECT count(*) FROM resource r WHERE r.package_id = p.id AND r.state = 'active'),"
            " (SELECT count(*) FROM satudata_version v WHERE v.package_id = p.id)"
            " FROM package p ORDER BY p.name"
        )
        return {row[0]: tuple(row) for row in model.Session.execute(query)}

    def resource_of(self, state: str) -> str:
        """Return the id of the first file that was planted in a state."""
        found = [c.text for c in self.nest.canaries.values() if (c.state, c.kind) == (state, "rid")]
        return found[0] if found else "00000000-0000-0000-0000-000000000000"

    def _told(self, people: list[dict[str, Any]]) -> None:
        """An incident of every dataset, and a notice of it to everybody."""
        now = dt.datetime.now(dt.UTC)
        for dataset_id in self.nest.datasets.values():
            versions = model.Session.query(Version).filter(Version.package_id == dataset_id)
            incident = incidents.begin(
                model.Session,
                dataset_id=dataset_id,
                ground="scan",
                versions=[version.id for version in versions],
                kinds=["nik"],
                by=None,
                detected_at=now,
                known_at=now,
            )
            ids = [person["id"] for person in people]
            about = {"dataset_id": dataset_id, "incident_id": incident.id}
            notices.tell(model.Session, "incident_begun", ids, **about, about=incident.id)

    def _made(self) -> None:
        """A work of every dataset, which names it in its title; and whether its page helped."""
        for state, dataset_id in self.nest.datasets.items():
            work = {"kind": "app", "url": "https://contoh.id/karya", "maker": "", "text": "Karya"}
            row = Reuse(**work, title=f"Karya dari {self.word(state, 'judul')}", state="public")
            row.accepted_at = dt.datetime.now(dt.UTC)
            model.Session.add(row)
            model.Session.flush()
            model.Session.add(ReuseDataset(reuse_id=row.id, package_id=dataset_id, listed=True))
            model.Session.add(Helped(package_id=dataset_id, day=days.today(), yes=1, no=1))

    def _around(self) -> None:
        """What others did while they could: follow, group, and look."""
        people = [self.city.users[n] for n in ACTORS.values() if n and n in self.city.users]
        for person in [*people, self.city.admin]:
            for dataset_id in self.nest.datasets.values():
                model.Session.add(model.UserFollowingDataset(person["id"], dataset_id))
        self._told([*people, self.city.admin])
        self._made()
        model.Session.commit()
        rows = model.Session.execute(
            sa.text("SELECT object_id, id FROM activity ORDER BY timestamp")
        ).all()
        last = {row[0]: row[1] for row in rows}
        self.activities = {s: last[i] for s, i in self.nest.datasets.items() if i in last}
        self.group = self.city.act("admin", "group_create", name="topik", title="Kelompok uji")
        for dataset_id in self.nest.datasets.values():
            self.city.act(
                "admin",
                "member_create",
                id=self.group["id"],
                object=dataset_id,
                object_type="package",
                capacity="public",
            )
        for dataset_id in self.nest.datasets.values():
            search.rebuild(dataset_id)
        filling.run()


def _submission() -> dict[str, Any]:
    from ..city import submission_fields

    return submission_fields()
