"""What is declared as scanned is scanned: a made-up NIK gets into none of these columns.

Each column of ``strings.yaml`` that is called scanned has a way here by which somebody writes it. A
harmless word gets there by that way, so that it is the right one; a NIK is refused by it.
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.versions import tables
from ckanext.satudata_pontianak.jepin.rules.agreed import agreed

from ..city import AXES_LIMITED, upload
from .test_strings import DECLARED

NIK = "6171014101900001"


def word() -> str:
    """Return a word that nothing else has."""
    return "k" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(13))


def columns_holding(pattern: str) -> set[str]:
    """Return the columns in which a text stands that fits a pattern: "table.column"."""
    model.Session.rollback()
    connection = model.Session.connection()
    inspector = sa.inspect(connection)
    tables = [t for t in inspector.get_table_names() if not t.endswith("alembic_version")]
    each = [
        f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\" x WHERE x::text ~ :p)" for t in tables
    ]
    hit = connection.execute(sa.text(" UNION ALL ".join(each)), {"p": pattern}).scalars().all()
    found = set()
    for table in hit:
        for column in inspector.get_columns(table):
            name = column["name"]
            one = f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{name}"::text ~ :p)'
            if connection.execute(sa.text(one), {"p": pattern}).scalar():
                found.add(f"{table}.{name}")
    return found


class Desk:
    """A city, and what its people write on."""

    def __init__(self, city: Any, app: Any) -> None:
        self.city, self.app = city, app
        self.draft = city.dataset()
        self.other = city.dataset(file=False)
        self.open = city.publish()
        self.file = self.open["resources"][0]["id"]
        self.own_file = self.draft["resources"][0]["id"]
        self.total: Any = None

    def dataset(self, **given: Any) -> None:
        """Write into a draft."""
        self.city.act("produsen", "package_patch", id=self.draft["id"], **given)

    def resource(self, **given: Any) -> None:
        """Write into the file of a draft."""
        self.city.act("produsen", "resource_patch", id=self.own_file, **given)

    def view(self, **given: Any) -> None:
        """Make a view."""
        given = {"view_type": "text_view", "title": "Isi", **given}
        self.city.act("produsen", "resource_view_create", resource_id=self.file, **given)

    def group(self, **given: Any) -> None:
        """Make a group."""
        self.city.act("admin", "group_create", **{"name": word(), "title": "Topik", **given})

    def source(self, **given: Any) -> None:
        """Make a source of datasets."""
        base = {
            "name": word(),
            "title": "Sumber",
            "url": f"http://contoh.go.id/{word()}",
            "source_type": "ckan",
            "owner_org": self.city.orgs["diskominfo"]["id"],
        }
        self.city.act("walidata", "harvest_source_create", **{**base, **given})

    def status(self, **given: Any) -> None:
        """Say how a task goes."""
        base = {"entity_id": "a", "entity_type": "b", "task_type": word(), "key": "c"}
        self.city.act("admin", "task_status_update", **{**base, "value": "d", **given})

    def term(self, **given: Any) -> None:
        """Translate a word of the site."""
        base = {"term": word(), "term_translation": "kata", "lang_code": "id"}
        self.city.act("admin", "term_translation_update", **{**base, **given})

    def user(self, **given: Any) -> None:
        """Make an account."""
        base = {"name": word(), "email": f"{word()}@contoh.id", "password": "perahu-lampu-meja"}
        self.city.act("admin", "user_create", **{**base, **given})

    def related(self, comment: str) -> None:
        """Say how two datasets belong together."""
        ids = {"subject": self.draft["id"], "object": self.other["id"], "type": "links_to"}
        self.city.act("admin", "package_relationship_create", **ids, comment=comment)

    def upload(self, name: str) -> None:
        """Upload a file."""
        file = upload(name=f"{name}.csv")
        self.city.act("produsen", "resource_create", package_id=self.draft["id"], upload=file)

    def variable(self, **said: str) -> None:
        """Say something of a column of the open dataset."""
        self.city.act(
            "produsen", "satudata_variable_update", id=self.open["id"], column="kecamatan", **said
        )

    def figure(self, reason: str) -> None:
        """Answer for a figure that does not agree: a total of an open file."""
        if self.total is None:
            file = upload(b"jenis,jumlah_kasus\nringan,120\nberat,95\nJumlah,315\n", "jumlah.csv")
            self.total = self.city.publish(file=file)
            for _, version in reads.pointers_of([self.total["id"]]).values():
                tables.load(version.id)
        shown = self.city.act("produsen", "satudata_quality_show", id=self.total["id"])
        given = {"figure": shown["asked"][0]["id"], "answer": "right", "reason": reason}
        self.city.act("produsen", "satudata_figure_answer", id=self.total["id"], **given)

    def indicator(self, **said: str) -> None:
        """Describe an indicator of the open dataset."""
        values = {"nama_indikator": word(), **said}
        self.city.act("produsen", "satudata_indicator_save", id=self.open["id"], values=values)

    def activity(self, **said: str) -> None:
        """Describe a statistical activity of an agency."""
        values = {"judul_kegiatan": word(), **said}
        self.city.act(
            "produsen", "satudata_statistical_activity_save", agency="dinkes", values=values
        )

    def agreed(self, **given: str) -> None:
        """Bring a list of agreed data of one row; a list with a wrong row is not taken over."""
        base = {"kode": word(), "produsen": "dinkes", "judul": "Data", "frekuensi": "tahunan"}
        row = {**base, "jadwal_rilis": f"31/12/{days.today().year}", **given}
        heads = agreed().headings
        text = f"{';'.join(heads)}\n{';'.join(row.get(head, '') for head in heads)}\n"
        said = self.city.act(
            "walidata",
            "satudata_agreed_import",
            upload=upload(text.encode()),
            year=days.today().year,
            apply=True,
        )
        if not said["applied"]:
            raise tk.ValidationError({"rows": [str(each["errors"]) for each in said["rows"]]})

    def picture(self, title: str) -> None:
        """Choose the picture of a table, on its page."""
        path = f"/dataset/{self.open['id']}/resource/{self.file}/grafik/ubah"
        form = {"kind": "otomatis", "title": title}
        headers = self.city.token("produsen")
        said = self.app.post(path, data=form, headers=headers, follow_redirects=False)
        if said.status_code != 302:
            raise tk.ValidationError({"title": [str(said.status_code)]})

    def assessed(self, number: str = "SK-7/2026", **fields: Any) -> None:
        """Bring a new dataset through a consequence test."""
        dataset = self.city.dataset(**AXES_LIMITED)
        self.city.step("produsen", dataset, "submit")
        self.city.step("walidata", dataset, "refer", catatan="Perlu diuji")
        self.city.step("ppid", dataset, "assess", **self.city.assess_fields(**fields))
        self.city.step("penetap", dataset, "approve", nomor=number, penerima=["disdukcapil"])


WAYS: dict[str, Callable[[Desk, str], Any]] = {
    "activity.data": lambda d, t: d.city.act("produsen", "package_patch", id=d.open["id"], title=t),
    "api_token.name": lambda d, t: d.city.act(
        "warga", "api_token_create", user=d.city.users["warga"]["id"], name=t
    ),
    "group.name": lambda d, t: d.group(name=f"g-{t}"),
    "group.title": lambda d, t: d.group(title=t),
    "group.description": lambda d, t: d.group(description=t),
    "group.image_url": lambda d, t: d.group(image_url=f"http://contoh.go.id/{t}.png"),
    "group.extras": lambda d, t: d.city.act("admin", "organization_patch", id="dinkes", alamat=t),
    "harvest_source.url": lambda d, t: d.source(url=f"http://contoh.go.id/{t}"),
    "harvest_source.title": lambda d, t: d.source(title=t),
    "harvest_source.config": lambda d, t: d.source(
        config=json.dumps({"default_tags": [{"name": t}]})
    ),
    "package.name": lambda d, t: d.dataset(name=f"dinkes-{t}"),
    "package.title": lambda d, t: d.dataset(title=t),
    "package.version": lambda d, t: d.dataset(version=t),
    "package.url": lambda d, t: d.dataset(url=f"http://contoh.go.id/{t}"),
    "package.notes": lambda d, t: d.dataset(notes=t),
    "package.author": lambda d, t: d.dataset(author=t),
    "package.author_email": lambda d, t: d.dataset(author_email=f"{t}@contoh.go.id"),
    "package.maintainer": lambda d, t: d.dataset(maintainer=t),
    "package.maintainer_email": lambda d, t: d.dataset(maintainer_email=f"{t}@contoh.go.id"),
    "package.extras": lambda d, t: d.dataset(konsep=t),
    "package_relationship.comment": lambda d, t: d.related(t),
    "resource.name": lambda d, t: d.resource(name=t),
    "resource.description": lambda d, t: d.resource(description=t),
    "resource_view.title": lambda d, t: d.view(title=t),
    "resource_view.description": lambda d, t: d.view(description=t),
    "satudata_agreed_data.code": lambda d, t: d.agreed(kode=t),
    "satudata_agreed_data.title": lambda d, t: d.agreed(judul=t),
    "satudata_case.assessment": lambda d, t: d.assessed(informasi=f"Daftar {t}"),
    "satudata_decision.nomor": lambda d, t: d.assessed(f"SK-{t}/2026"),
    "satudata_decision.basis": lambda d, t: d.assessed(dasar_hukum=f"UU 14/2008 {t}"),
    "satudata_step.fields": lambda d, t: d.assessed(konsekuensi_dibuka=f"Terganggu {t}"),
    "satudata_plot.title": lambda d, t: d.picture(t),
    "satudata_figure_answer.reason": lambda d, t: d.figure(f"Alasan {t}"),
    "satudata_statistical_activity.title": lambda d, t: d.activity(judul_kegiatan=t),
    "satudata_statistical_activity.told": lambda d, t: d.activity(tujuan=t),
    "satudata_indicator.name": lambda d, t: d.indicator(nama_indikator=t),
    "satudata_indicator.told": lambda d, t: d.indicator(rumus=t),
    "satudata_variable.meaning": lambda d, t: d.variable(meaning=t),
    "satudata_variable.unit": lambda d, t: d.variable(unit=t),
    "satudata_variable.domain": lambda d, t: d.variable(domain=t),
    "satudata_variable.classification": lambda d, t: d.variable(classification=t),
    "satudata_version.filename": lambda d, t: d.upload(t),
    "satudata_version.meta": lambda d, t: d.resource(name=t),
    "system_info.value": lambda d, t: d.city.act(
        "admin", "config_option_update", **{"ckan.site_about": t}
    ),
    "tag.name": lambda d, t: d.dataset(tag_string=t),
    "task_status.entity_id": lambda d, t: d.status(entity_id=t),
    "task_status.entity_type": lambda d, t: d.status(entity_type=t),
    "task_status.task_type": lambda d, t: d.status(task_type=t),
    "task_status.key": lambda d, t: d.status(key=t),
    "task_status.value": lambda d, t: d.status(value=t),
    "task_status.error": lambda d, t: d.status(error=t),
    "term_translation.term": lambda d, t: d.term(term=t),
    "term_translation.term_translation": lambda d, t: d.term(term_translation=t),
    "term_translation.lang_code": lambda d, t: d.term(lang_code=t),
    "user.name": lambda d, t: d.user(name=f"u-{t}"),
    "user.about": lambda d, t: d.user(about=t),
    "user.image_url": lambda d, t: d.user(image_url=f"http://contoh.go.id/{t}.png"),
    "vocabulary.name": lambda d, t: d.city.act("admin", "vocabulary_create", name=t, tags=[]),
}
# Columns to which no call brings a text, and why.
NO_WAY = {
    "file.name": "only `file_create` writes one of its own; the tests have no storage for it",
    "harvest_source.description": "what is said of a source stands with its dataset: package.notes",
    "resource.url": "a file's own address is made; others are tried in test_addresses.py",
    "resource_view.config": "views of text take no setting; keys.yaml refuses others by name",
    "activity_detail.data": "CKAN writes no such row any more; the table is there",
    "resource.extras": "no field of the schema is kept there, and every other key is refused",
}


def scanned() -> set[str]:
    """Return the columns that are called scanned."""
    tables = DECLARED["columns"].items()
    return {f"{table}.{name}" for table, ways in tables for name in ways.get("scanned", ())}


def test_every_column_that_is_called_scanned_has_a_way_to_it() -> None:
    assert set(WAYS) | set(NO_WAY) == scanned()
    assert not set(WAYS) & set(NO_WAY)


@pytest.fixture
def desk(city, app, work) -> Desk:
    """A city, and what its people write on; the open file has its table."""
    made = Desk(city, app)
    work(made.open)
    return made


def test_a_word_gets_there_and_a_personal_number_is_refused(desk) -> None:
    wrong = []
    for column, write in WAYS.items():
        said = word()
        try:
            write(desk, said)
        except tk.ValidationError as refused:
            model.Session.rollback()
            wrong.append(f"{column}: a word was refused: {refused.error_dict}")
        if column not in columns_holding(said):
            wrong.append(f"{column}: a word that was written is not there")
        try:
            write(desk, NIK)
        except tk.ValidationError as refused:
            model.Session.rollback()
            if NIK in str(refused.error_dict):
                wrong.append(f"{column}: the refusal repeats it")
        else:
            wrong.append(f"{column}: it was taken")
        if found := columns_holding(NIK):
            wrong.append(f"{column}: it stands in {', '.join(sorted(found))}")
    assert not wrong, "\n".join(wrong)
