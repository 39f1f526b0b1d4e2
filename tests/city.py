"""The city of the tests: its people, agencies and what they do with datasets."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask
import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.api_token import decode
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.agencies.model import DecreeRow
from ckanext.satudata_pontianak.agencies.rules import decree
from ckanext.satudata_pontianak.classification.records import addresses
from ckanext.satudata_pontianak.ledger.tables import person_refusal_table
from ckanext.satudata_pontianak.metadata.service import dataset_fields

from . import snapshots
from .snapshots import Snapshot
from .standing import forget_marks, portal

AXES_OPEN = {
    "jenis_informasi": "berkala",
    "tingkat_keamanan": "biasa",
    "data_pribadi": "tidak_ada",
}
AXES_LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
# A test calls its datasets what it likes, as an old portal did.
NAME_STANDS = {addresses.STANDS: True}
KEPT_TABLES = frozenset({"user", "group", "member", "api_token", "satudata_decree"})
CSV = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"


PASSWORD = "kuda-baterai-jemuran"
"""What people of the tests log in with: CKAN's own factories make shorter ones."""

for _factory in (
    factories.User,
    factories.Sysadmin,
    factories.UserWithToken,
    factories.SysadminWithToken,
):
    _factory._meta.pre_declarations.update({"password": PASSWORD})


def upload(content: bytes = CSV, name: str = "penduduk.csv") -> FileStorage:
    """Return a file as a form brings it."""
    return FileStorage(io.BytesIO(content), filename=name)


DECREES = (
    "SK/1/2026", "SK/2/2026", "SK/9/2026", "SK/11/2026", "SK/12/Plh/2026", "SPT/9/2026", "CONTOH",
    "SK/9", "SK/1", "S1", "S2", "S3", "S4", "S5",
)  # fmt: skip
"""Numbers of decrees that tests name."""


def record_decrees() -> None:
    """Record the decrees that tests name; as rows, since how that is done has tests of its own."""
    day = dt.date(2026, 1, 2)
    rows = [
        DecreeRow(nomor_sk=number, key=decree.key(number), day=day, about="Contoh", sha256="0" * 64)
        for number in DECREES
    ]
    model.Session.execute(sa.delete(DecreeRow))
    model.Session.add_all(rows)
    model.Session.commit()


@contextmanager
def _as_a_command(user: model.User | None) -> Iterator[None]:
    """Stand within a request that nobody sent, as CKAN's own commands do.

    Who somebody is, and what agencies there are, is read once for it.
    """
    if "app" not in portal or flask.has_request_context():
        yield
        return
    # What they say is in the language of the code, as outside a request.
    said = {"CKAN_LANG": "en"}
    with portal["app"].test_request_context("/api/3/action/status_show", environ_overrides=said):
        flask.g.user = user.name if user else ""
        flask.g.userobj = user
        flask.g._login_user = user or AnonymousUserMixin()
        yield


class City:
    """A small city: agencies with their bodies, a person for every duty, and what they do."""

    def __init__(self) -> None:
        self.admin = factories.Sysadmin()
        record_decrees()
        self.users: dict[str, dict[str, Any]] = {}
        self.orgs: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, str] = {}
        self.snapshots: dict[tuple[Any, ...], Snapshot] = {}
        self.snapshots_serve = self.snapshots_grow = False
        self._made_once: set[tuple[Any, ...]] = set()
        self._agency("diskominfo", ["walidata", "produsen_data"], ["walidata", "walidata_2"])
        self._agency("ppid", ["ppid"], ["ppid", "ppid_2"])
        self._agency("setda", ["atasan_ppid", "produsen_data"], ["penetap"])
        self._agency("inspektorat", ["pengawas"], ["pengawas"])
        self._agency("dinkes", ["produsen_data"], ["kepala_dinkes"])
        self._agency("disdukcapil", ["produsen_data"], [])
        self._agency("dinsos", ["produsen_data"], [])
        self.join("dinkes", "produsen", "editor")
        self.join("dinkes", "produsen_2", "editor")
        self.join("dinkes", "staf", "member")
        self.join("disdukcapil", "produsen_lain", "editor")
        self.join("dinsos", "pegawai_dinsos", "member")
        self.person("warga")

    def stands(self) -> bool:
        """Tell whether the city is still in the database."""
        try:
            return model.User.get(self.admin["id"]) is not None
        except sa.exc.SQLAlchemyError:
            model.Session.rollback()
            return False

    def remember(self) -> None:
        """Remember who is who, to put it back after a test."""
        rows = model.Session.execute(sa.select(model.Member.__table__)).mappings()
        self.members = {row["id"]: dict(row) for row in rows}
        rows = model.Session.execute(sa.select(model.User.__table__)).mappings()
        self.people = {row["id"]: dict(row) for row in rows}
        rows = model.Session.execute(sa.select(model.Group.__table__)).mappings()
        self.agencies = [dict(row) for row in rows]

    def restore(self) -> None:
        """Empty the site of datasets, and put memberships back as they were."""
        model.Session.rollback()
        # The repository's own metadata: core makes `meta.metadata` anew when it reflects, and
        # what an empty database reflects has no tables.
        emptied = [t for t in model.repo.metadata.sorted_tables if t.name not in KEPT_TABLES]
        # Of a person one refusal a minute is an entry: another test's may have been this minute.
        emptied.append(person_refusal_table)
        deletes = "; ".join(str(table.delete()) for table in reversed(emptied))
        model.Session.execute(sa.text(deletes))
        member, user = model.Member.__table__, model.User.__table__
        group = model.Group.__table__
        model.Session.execute(member.delete())
        known = [row["id"] for row in self.agencies]
        model.Session.execute(group.delete().where(group.c.id.not_in(known)))
        for row in self.agencies:
            model.Session.execute(group.update().where(group.c.id == row["id"]).values(row))
        model.Session.execute(member.insert(), list(self.members.values()))
        known = [decree.key(number) for number in DECREES]
        others = sa.delete(DecreeRow).where(
            sa.or_(DecreeRow.key.not_in(known), DecreeRow.agency_id.is_not(None))
        )
        model.Session.execute(others)
        if model.Session.query(DecreeRow).count() != len(known):
            record_decrees()
        strangers = user.update().where(user.c.id.not_in(self.people))
        model.Session.execute(strangers.values(state="deleted", fullname=None, about=None))
        rows = model.Session.execute(sa.select(user).where(user.c.id.in_(self.people))).mappings()
        for row in [dict(row) for row in rows]:
            # A test may have written on somebody: their text, password or state.
            if row != self.people[row["id"]]:
                changed = user.update().where(user.c.id == row["id"])
                model.Session.execute(changed.values(self.people[row["id"]]))
        # The next test may call somebody the same.
        brought = [u["id"] for u in self.users.values() if u["id"] not in self.people]
        free = {"name": sa.func.concat("gone-", user.c.id)}
        model.Session.execute(user.update().where(user.c.id.in_(brought)).values(free))
        model.Session.commit()
        forget_marks()
        for name in [n for n, u in self.users.items() if u["id"] not in self.people]:
            del self.users[name]
            self.tokens.pop(name, None)
        # A new password ends the tokens of its person.
        stand = set(model.Session.scalars(sa.select(model.ApiToken.id)))
        for name in [n for n, token in self.tokens.items() if decode(token)["jti"] not in stand]:
            del self.tokens[name]

    def person(self, name: str) -> dict[str, Any]:
        """Return the person, made when needed."""
        if name not in self.users:
            self.users[name] = factories.User(name=name.replace("_", "-"))
        return self.users[name]

    def _agency(self, name: str, roles: list[str], admins: list[str]) -> None:
        self.orgs[name] = call_action(
            "organization_create",
            {"user": self.admin["name"], "ignore_auth": False},
            name=name,
            title=name.title(),
            sdi_role=roles,
            nomor_sk="SK/1/2026",
            users=[{"name": self.person(a)["name"], "capacity": "admin"} for a in admins],
        )

    def join(self, org: str, user: str, role: str) -> None:
        """Make somebody a member of an agency."""
        call_action(
            "organization_member_create",
            {"user": self.admin["name"]},
            id=org,
            username=self.person(user)["name"],
            role=role,
            nomor_sk="SK/1/2026",
        )

    def act(self, who: str | None, action: str, **params: Any) -> Any:
        """Call an action as somebody, with every check; ``None`` is nobody."""
        return self.act_with({}, who, action, params)

    def act_with(
        self, more: dict[str, Any], who: str | None, action: str, params: dict[str, Any]
    ) -> Any:
        """Call an action as somebody, with something else in the context of the call."""
        name = "" if who is None else self.admin["name"] if who == "admin" else None
        if name is None:
            name = self.users[who]["name"]
        user = model.User.get(name) if name else None
        context = {
            "user": name,
            "auth_user_obj": user,
            "ignore_auth": False,
            **more,
        }
        with _as_a_command(user):
            try:
                return tk.get_action(action)(context, params)
            finally:
                model.Session.rollback()

    def token(self, who: str | None) -> dict[str, str]:
        """Return the header with which somebody calls over HTTP."""
        if who is None:
            return {}
        if who not in self.tokens:
            name = self.admin["name"] if who == "admin" else self.users[who]["name"]
            made = call_action("api_token_create", {"user": name}, user=name, name="test")
            self.tokens[who] = made["token"]
        return {"Authorization": self.tokens[who]}

    def over_http(self, app: Any, who: str | None, action: str, **values: Any) -> Any:
        """Call an action as programs do; the answer may be a refusal."""
        return app.post(
            f"/api/3/action/{action}",
            data=json.dumps(values),
            content_type="application/json",
            headers=self.token(who),
            status=None,
        )

    def dataset(self, who: str = "produsen", *, file: Any = None, **values: Any) -> dict[str, Any]:
        """Create a dataset with all that submitting needs, and a file."""
        made = self._again(("dataset", who), lambda: self._dataset(who, file, values), file, values)
        return self.act(who, "package_show", id=made)

    def _dataset(self, who: str, file: Any, values: dict[str, Any]) -> str:
        fields = {**submission_fields(), **AXES_OPEN, "owner_org": "dinkes", **values}
        owner = model.Group.get(fields["owner_org"])
        fields.setdefault("name", f"{owner.name}-{factories.Dataset.stub().name}")
        dataset = self.act_with(NAME_STANDS, who, "package_create", fields)
        if file is not False:
            self.act(
                who,
                "resource_create",
                package_id=dataset["id"],
                name="Data",
                upload=file or upload(),
            )
        return dataset["id"]

    def _again(
        self, what: tuple[Any, ...], make: Callable[[], str], file: Any, values: dict[str, Any]
    ) -> str:
        """Make a dataset, or set it down as it was made before where only its name differs."""
        key = (*what, file, tuple(sorted(values.items())))
        plain = file in (None, False) and all(isinstance(v, str) for v in values.values())
        # Who is told of it depends on who there is.
        usual = self.snapshots_serve and all(u["id"] in self.people for u in self.users.values())
        if not usual or not plain or "name" in values:
            return make()
        if key in self.snapshots:
            owner = model.Group.get(values.get("owner_org", "dinkes"))
            name = f"{owner.name}-{factories.Dataset.stub().name}"
            return snapshots.set_down(self.snapshots[key], name) or make()
        if key not in self._made_once or not self.snapshots_grow:
            # Most datasets with values of their own are made once.
            self._made_once.add(key)
            return make()
        self.snapshots[key], made = snapshots.take(make, KEPT_TABLES)
        return made

    def step(self, who: str | None, dataset: dict[str, Any], name: str, **fields: Any) -> Any:
        """Take a step in the dataset's case."""
        return self.act(
            who,
            "satudata_classification_transition",
            id=dataset["id"],
            transition=name,
            **fields,
        )

    def publish(self, *, file: Any = None, **values: Any) -> dict[str, Any]:
        """Return a dataset that was published as open."""

        def make() -> str:
            dataset = {"id": self._dataset("produsen", file, values)}
            self.step("produsen", dataset, "submit")
            self.step("walidata", dataset, "approve")
            return dataset["id"]

        return self.act(None, "package_show", id=self._again(("publish",), make, file, values))

    def assess_fields(self, **values: Any) -> dict[str, Any]:
        """Return what a consequence test needs."""
        return {
            "informasi": "Daftar lokasi gudang obat",
            "pasal_pengecualian": "b",
            "dasar_hukum": "UU 14/2008 Pasal 17 huruf b",
            "konsekuensi_dibuka": "Persaingan usaha terganggu",
            "konsekuensi_ditutup": "Persaingan usaha terlindungi",
            "mulai": "2026-11-24",
            "akhir": "2028-11-24",
            **values,
        }

    def limit(
        self, recipients: Any = ("disdukcapil",), *, file: Any = None, **values: Any
    ) -> dict[str, Any]:
        """Return a dataset that was decided as limited, for these agencies."""

        def make() -> str:
            dataset = {"id": self._dataset("produsen", file, {**AXES_LIMITED, **values})}
            self.step("produsen", dataset, "submit")
            self.step("walidata", dataset, "refer", catatan="Perlu diuji")
            self.step("ppid", dataset, "assess", **self.assess_fields())
            self.step("penetap", dataset, "approve", nomor="SK-7/2026", penerima=list(recipients))
            return dataset["id"]

        made = self._again(("limit", *recipients), make, file, values)
        return self.act("produsen", "package_show", id=made)

    def seal(self, level: str = "rahasia") -> dict[str, Any]:
        """Return a dataset that was decided at a level that keeps no files."""
        axes = {**AXES_LIMITED, "tingkat_keamanan": level}
        dataset = self.dataset(file=False, **axes)
        self.step("produsen", dataset, "submit")
        self.step("walidata", dataset, "refer", catatan="Perlu diuji")
        self.step("ppid", dataset, "assess", **self.assess_fields())
        self.step("penetap", dataset, "approve", nomor="SK-8/2026")
        return self.act("kepala_dinkes", "package_show", id=dataset["id"])


def submission_fields() -> dict[str, Any]:
    """Return values for every field that the schema requires for submission."""
    known = {
        "title": "Jumlah Penduduk menurut Kecamatan",
        "notes": "Contoh untuk pengujian.",
        "urusan": "2.12",
        "jenis_data": "statistik",
        "konsep": "Penduduk",
        "definisi": "Orang yang tinggal di wilayah kota",
        "klasifikasi_penyajian": "Kecamatan",
        "ukuran": "Jumlah",
        "satuan": "Orang",
        "frekuensi_penerbitan": "tahunan",
        "jadwal_rilis": "2027-01-31",
        "tahun": "2025",
        "cakupan": "61.71",
        "level_penyajian": "kecamatan",
        "rujukan": "Contoh",
        "maintainer": "Bidang Data",
        "maintainer_email": "data@contoh.pontianak.go.id",
        "license_id": "cc-by",
    }
    needed = {f["field_name"] for f in dataset_fields() if f.get("required_for_submission")}
    values = {"title": known["title"], "notes": known["notes"]}
    for name in needed:
        if name in known:
            values[name] = known[name]
    return values
