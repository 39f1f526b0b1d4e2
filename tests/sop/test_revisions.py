"""A revision of an SOP from its draft to its readers, and what happens when practice changes."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pypdfium2
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.ledger.service import entry_table
from ckanext.satudata_pontianak.sop.documents import library
from ckanext.satudata_pontianak.sop.files import kept
from ckanext.satudata_pontianak.sop.revisions import store
from ckanext.satudata_pontianak.sop.revisions.model import SopRevision

PAPER = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SIGNED = {"nomor": "000.8/12/2026", "office": "Kepala Dinas Contoh", "person": "Orang Contoh"}
ALL = "satudata_sop_control_list"


class Sent:
    """An uploaded file, as the API hands it to an action."""

    def __init__(self, content: bytes) -> None:
        self.stream = io.BytesIO(content)


def lay(city, role: str, user: str) -> None:
    today = days.today().isoformat()
    city.act(
        "walidata",
        "satudata_smki_role_create",
        role=role,
        user=city.person(user)["name"],
        nomor_sk="SK/9/2026",
        **{"from": today},
    )


def draft(city, name: str = "risiko") -> str:
    return city.act("walidata", "satudata_sop_revision_create", name=name)["revision"]["id"]


def checked(city, name: str = "risiko") -> str:
    lay(city, "koordinator", "produsen_2")
    id = draft(city, name)
    city.act("produsen_2", "satudata_sop_revision_check", id=id)
    return id


def approve(city, id: str, by: str = "penetap", **more):
    today = days.today().isoformat()
    given = {**SIGNED, "made": today, "effective": today, "scan": Sent(PAPER), **more}
    return city.act(by, "satudata_sop_revision_approve", id=id, **given)


def of(city, name: str = "risiko", who: str = "walidata"):
    (found,) = city.act(who, ALL, name=name)
    return found


def test_a_revision_goes_from_draft_to_in_force_by_three_people(city, app) -> None:
    assert of(city)["in_force"] is None
    id = checked(city)
    done = approve(city, id)
    assert done["revision"]["state"] == "in_force"
    assert done["revision"]["sha256"] == hashlib.sha256(PAPER).hexdigest()
    assert done["receipt"]
    found = of(city)
    assert (found["in_force"], found["differs"], found["late"]) == (1, False, False)
    shown = app.get("/satudata/sop/risiko.json").json
    assert (shown["status"], shown["enactment"]["number"]) == ("enacted", SIGNED["nomor"])
    assert "Orang Contoh" in app.get("/satudata/sop/risiko").body


def test_the_nip_of_who_signed_stands_in_the_set_alone(city, app, monkeypatch) -> None:
    number = "198001012005011234"
    approve(city, checked(city), nip=number)
    said = [app.get(f"/satudata/sop/{path}").data for path in ("risiko.json", "risiko")]
    with zipfile.ZipFile(io.BytesIO(app.get("/satudata/sop/risiko.docx").data)) as word:
        said.append(word.read("word/document.xml"))
    assert all(b"Orang Contoh" in each and number.encode() not in each for each in said)
    few = {"risiko": library.documents()["risiko"]}
    monkeypatch.setattr(library, "documents", lambda: few)
    answer = app.get("/satudata/keamanan/sop.pdf", headers=city.token("walidata"))
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.data)]
    assert any(number in page for page in pages)


def test_the_signed_paper_is_opened_by_who_sees_its_revision(city, app) -> None:
    home = "/satudata/keamanan/sop/risiko"
    assert app.get(f"{home}/1.pdf", headers=city.token("walidata")).status_code == 404
    approve(city, checked(city))
    answer = app.get(f"{home}/1.pdf", headers=city.token("pengawas"))
    assert (answer.status_code, answer.data) == (200, PAPER)
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"{home}/1.pdf" in app.get(home, headers=city.token("walidata")).body
    assert app.get(f"{home}/2.pdf", headers=city.token("walidata")).status_code == 404
    assert app.get(f"{home}/1.pdf", headers=city.token("warga")).status_code == 403
    assert app.get(f"{home}/1.pdf", follow_redirects=False).status_code == 302


def test_nobody_takes_two_steps_and_each_is_its_roles(city) -> None:
    id = draft(city)
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_sop_revision_check", id=id)
    with pytest.raises(tk.NotAuthorized):
        city.act("ppid", "satudata_sop_revision_check", id=id)
    with pytest.raises(tk.NotAuthorized):
        approve(city, id, by="walidata")
    with pytest.raises(tk.ValidationError):
        approve(city, id)
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_sop_revision_create", name="risiko")
    for who in ("pengawas", "ppid"):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_sop_revision_create", name="aset")


@pytest.mark.parametrize("who", [None, "warga", "produsen"])
def test_who_has_no_role_learns_nothing_of_revisions(city, app, who) -> None:
    id = draft(city)
    for action, asked in (
        (ALL, {}),
        ("satudata_sop_revision_create", {"name": "aset"}),
        ("satudata_sop_revision_check", {"id": id}),
        ("satudata_sop_revision_approve", {"id": id}),
        ("satudata_sop_revision_review", {"id": id}),
        ("satudata_sop_acknowledge", {"id": id}),
    ):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, action, **asked)
    headers = city.token(who) if who else {}
    for path in ("sop", "sop/risiko", "sop/risiko/check", "sop.pdf"):
        answer = app.get(f"/satudata/keamanan/{path}", headers=headers, follow_redirects=False)
        assert answer.status_code == (403 if who else 302), path


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"nomor": ""}, "nomor"),
        ({"made": "31/31/2026"}, "made"),
        ({"effective": ""}, "effective"),
        ({"effective": "2020-01-01"}, "effective"),
        ({"person": "a\nb"}, "person"),
        ({"nip": "123"}, "nip"),
        ({"scan": Sent(b"no pdf")}, "scan"),
        ({"scan": None}, "scan"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(city, given, field) -> None:
    id = checked(city)
    with pytest.raises(tk.ValidationError) as refused:
        approve(city, id, **given)
    assert field in refused.value.error_dict
    assert of(city)["in_force"] is None


def test_a_revision_of_a_later_day_waits(city) -> None:
    id = checked(city)
    approve(city, id, effective="2099-01-04")
    found = of(city)
    assert (found["in_force"], found["revisions"][0]["state"]) == (None, "waits")


def test_a_changed_definition_marks_it_until_a_new_revision_is_signed(city, app) -> None:
    id = checked(city)
    approve(city, id)
    row = model.Session.get(SopRevision, id)
    rows = [dict(each) for each in row.rows]
    rows[0]["time"], rows[1]["key"] = "Setiap tahun", "gone"
    row.rows, row.definition = rows, "0" * 64
    model.Session.commit()
    found = of(city)
    assert found["differs"]
    changes = {each["key"]: each["change"] for each in found["differences"]}
    assert changes == {"task:risk_review": "changed", "new": "added", "gone": "removed"}
    assert store.status_of_all()["risiko"].differs
    body = app.get("/satudata/keamanan/sop/risiko", headers=city.token("walidata")).body
    assert "Praktik dan surat berbeda" in body
    assert "Setiap tahun" in body
    assert app.get("/satudata/sop/risiko.json").json["status"] == "draft"
    second = draft(city)
    city.act("produsen_2", "satudata_sop_revision_check", id=second)
    approve(city, second)
    found = of(city)
    assert (found["in_force"], found["differs"]) == (2, False)
    assert [each["state"] for each in found["revisions"]] == ["in_force", "replaced"]


def test_a_draft_of_other_definitions_is_refused_and_replaced(city) -> None:
    lay(city, "koordinator", "produsen_2")
    id = draft(city)
    model.Session.execute(sa.update(SopRevision).values(definition="0" * 64))
    model.Session.commit()
    with pytest.raises(tk.ValidationError):
        city.act("produsen_2", "satudata_sop_revision_check", id=id)
    again = draft(city)
    assert again != id
    assert [each["id"] for each in of(city)["revisions"]] == [again]


def test_readers_acknowledge_what_is_in_force_and_are_listed_once(city) -> None:
    id = checked(city)
    with pytest.raises(tk.ValidationError):
        city.act("pengawas", "satudata_sop_acknowledge", id=id)
    approve(city, id)
    for who in ("pengawas", "ppid"):
        assert city.act(who, "satudata_sop_acknowledge", id=id)["receipt"]
    written = sa.select(sa.func.count()).where(entry_table.c.event == "sop.acknowledged")
    before = model.Session.scalar(written)
    assert city.act("pengawas", "satudata_sop_acknowledge", id=id)["receipt"] is None
    assert model.Session.scalar(written) == before
    (revision,) = of(city)["revisions"]
    named = [each["user"] for each in revision["acknowledged"]]
    assert named == [city.person("pengawas")["name"], city.person("ppid")["name"]]
    reviewed = city.act("walidata", "satudata_sop_revision_review", id=id)["revision"]
    assert reviewed["reviewed_by"] == city.person("walidata")["name"]


def test_a_revision_is_drafted_checked_and_read_on_its_pages(city, app) -> None:
    lay(city, "koordinator", "produsen_2")
    home = "/satudata/keamanan/sop/risiko"
    walidata, other = city.token("walidata"), city.token("produsen_2")
    assert app.get(f"{home}/check", headers=walidata).status_code == 404
    sent = app.post(f"{home}/draft", headers=walidata, data={}, follow_redirects=False)
    assert sent.status_code == 302
    assert f"{home}/check" not in app.get(home, headers=walidata).body
    assert f"{home}/check" in app.get(home, headers=other).body
    assert app.get(f"{home}/check", headers=other).status_code == 200
    sent = app.post(f"{home}/check", headers=other, data={}, follow_redirects=False)
    assert sent.status_code == 302
    assert app.get(f"{home}/approve", headers=city.token("penetap")).status_code == 200
    assert app.get("/satudata/keamanan/sop", headers=other).status_code == 200
    assert app.get("/satudata/keamanan/sop/tiada", headers=other).status_code == 404


def test_a_scan_above_a_megabyte_is_taken_on_the_page(city, app) -> None:
    id, today = checked(city), days.today().isoformat()
    scan = (io.BytesIO(PAPER[:9] + b"%" * 2_000_000 + PAPER[8:]), "naskah.pdf")
    sent = app.post(
        "/satudata/keamanan/sop/risiko/approve",
        headers=city.token("penetap"),
        data={**SIGNED, "made": today, "effective": today, "scan": scan},
        follow_redirects=False,
    )
    assert sent.status_code == 302
    assert model.Session.get(SopRevision, id).size > 2_000_000


def test_the_set_has_cover_decree_lists_documents_and_readers(city, app, monkeypatch) -> None:
    few = {name: library.documents()[name] for name in ("risiko", "kontinuitas")}
    id = checked(city)
    approve(city, id)
    city.act("pengawas", "satudata_sop_acknowledge", id=id)
    monkeypatch.setattr(library, "documents", lambda: few)
    answer = app.get("/satudata/keamanan/sop.pdf", headers=city.token("walidata"))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    file = pypdfium2.PdfDocument(answer.data)
    pages = [page.get_textpage().get_text_range() for page in file]
    assert "SOP-SDP-12" in pages[2]
    assert "Daftar distribusi" in pages[3]
    assert any("SOP-SDP-19 Kelangsungan" in page for page in pages)
    assert city.person("pengawas")["name"] in pages[-1]
    assert {page.get_width() > page.get_height() for page in file} == {True, False}
    again = kept.written.cache_info().hits
    assert app.get("/satudata/keamanan/sop.pdf", headers=city.token("walidata")).data == answer.data
    assert kept.written.cache_info().hits == again + 1
