"""Tours on a practice dataset that only the learner sees; a passed quiz stands in the register."""

from __future__ import annotations

import io

import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki import registers
from ckanext.satudata_pontianak.smki.cooperation import training as tours
from ckanext.satudata_pontianak.smki.records.model import SmkiEntry
from ckanext.satudata_pontianak.smki.rules.training import training

from ..refusals import refusal_of
from ..smki.lines import at_once, day

TITLE = "Jumlah puskesmas latihan per kecamatan"
DESCRIPTION = "Dari laporan tahunan Dinas Kesehatan, tahun 2025."
AXES = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "tidak_ada"}
HOME = "/satudata/pelatihan"


def act(city, name, who="produsen", course="produsen", **asked):
    return city.act(who, f"satudata_training_{name}", course=course, **asked)


def through(city, who="produsen", course="produsen"):
    """Take a whole tour, choosing rightly."""
    act(city, "begin", who, course)
    for number, step in enumerate(training().courses[course].steps, 1):
        shown = act(city, "step", who, course, step=number, **rightly(step))
    return shown


def rightly(step) -> dict[str, object]:
    """Return what the learner sends in a step."""
    does = step.does
    if does is None or does.field == "submit":
        return {}
    written = TITLE if does.field == "title" else DESCRIPTION
    return {"values": does.axes} if does.axes else {"value": does.right or written}


def right(course="produsen") -> dict[str, str]:
    quiz = training().courses[course].quiz
    return {str(number): question.right for number, question in enumerate(quiz, 1)}


def line(city, who) -> SmkiEntry:
    query = sa.select(SmkiEntry).where(
        SmkiEntry.register == registers.PEOPLE,
        SmkiEntry.key == f"person:{city.users[who]['id']}",
        SmkiEntry.ended_at.is_(None),
    )
    return model.Session.scalars(query).one()


@pytest.mark.parametrize(
    ("course", "who"),
    [
        ("produsen", "produsen"),
        ("walidata", "walidata"),
        ("ppid", "ppid"),
        ("atasan_ppid", "penetap"),
        ("pengawas", "pengawas"),
    ],
)
def test_each_duty_has_a_tour_whose_pages_are_there(city, app, course, who) -> None:
    found = city.act(who, "satudata_training_list")["results"]
    assert found[0]["mine"]
    assert [each["name"] for each in found if each["name"] == course and each["mine"]]
    shown = through(city, who, course)
    assert (shown["step"], len(shown["quiz"])) == (shown["steps_count"], len(right(course)))
    assert shown["steps_count"] <= 12
    for step in shown["steps"]:
        if step["at"]:
            assert app.get(step["at"], headers=city.token(who)).status_code == 200, step["at"]
    assert act(city, "quiz", who, course, values=right(course))["passed"]


def test_the_practice_dataset_is_the_learners_alone_and_nothing_counts_it(city, app) -> None:
    def counted() -> list[object]:
        found = city.act("walidata", "package_search", include_drafts=True, include_private=True)
        cases = city.act("walidata", "satudata_classification_list", mine=False)
        desk = city.act("produsen", "satudata_classification_list")
        told = city.act("produsen", "satudata_notice_list")
        tables = (model.Package, model.Resource, model.PackageTag)
        rows = [model.Session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]
        return [found["count"], cases["count"], desk["count"], told["count"], *rows]

    before = counted()
    shown = through(city)
    assert shown["dataset"] == {
        "title": TITLE,
        "description": DESCRIPTION,
        "note": "",
        "axes": AXES,
        "state": "decided",
        "state_label": shown["dataset"]["state_label"],
    }
    assert counted() == before
    for who in ("produsen_2", "kepala_dinkes", "walidata"):
        assert act(city, "show", who)["dataset"] is None
    pages = ("/dataset/", "/satudata/antrean", "/satudata/meja", "/catalog.xml", "/data.json")
    for address in (*pages, f"/saran?q={TITLE[:12]}"):
        for who in ("walidata", "produsen"):
            body = app.get(address, headers=city.token(who)).body
            assert TITLE not in body
            assert DESCRIPTION not in body
    query = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("training."))
    texts = model.Session.scalars(query).all()
    assert texts
    assert TITLE not in str(texts)
    assert DESCRIPTION not in str(texts)


def test_a_passed_quiz_stands_in_the_register_of_people(city) -> None:
    through(city)
    passed = act(city, "quiz", values=right())
    assert (passed["passed"], passed["receipt"]["entry"] > 0) == (True, True)
    written = line(city, "produsen").written
    assert written["trained"] == day(0)
    assert "Membawa dataset" in written["training"]
    assert act(city, "show")["passed"]
    entry = line(city, "produsen")
    kept = city.act("walidata", "satudata_smki_entry_show", entry=entry.id)
    assert day(0) in str(kept)
    assert act(city, "begin")["passed"], "what was passed stays"


def test_a_certificate_that_stands_there_stays_and_only_ones_own_duty_counts(city) -> None:
    through(city)
    act(city, "quiz", values=right())
    entry = line(city, "produsen")
    entry.written = {
        **entry.written,
        "training": f"Sertifikat 12/BKPSDM/2026; {entry.written['training']}",
    }
    model.Session.commit()
    act(city, "quiz", values=right())
    said = line(city, "produsen").written["training"]
    assert said.startswith("Sertifikat 12/BKPSDM/2026; ")
    assert said.count("Membawa dataset") == 1


def test_a_quiz_that_is_not_passed_says_what_to_look_at_and_is_bounded(city, monkeypatch) -> None:
    through(city)
    wrong = {**right(), "2": "b"}
    said = act(city, "quiz", values=wrong)
    assert (said["passed"], said["receipt"]) == (False, None)
    assert "2" in said["said"]
    assert act(city, "show")["passed"] is None
    with pytest.raises(sa.exc.NoResultFound):
        line(city, "produsen")
    monkeypatch.setattr(tours, "TRIES", 1)
    with refusal_of(""):
        act(city, "quiz", values=right())
    through(city)
    assert act(city, "quiz", values=right())["passed"]


@pytest.mark.parametrize("values", [{}, {"1": "b"}, {"1": 3, "2": [], "3": {}}, "b", {"9": "a"}])
def test_answers_that_are_no_answers_are_refused(city, values) -> None:
    through(city)
    with refusal_of("values"):
        act(city, "quiz", values=values)


def test_steps_come_in_their_order_and_each_is_done_once(city, app) -> None:
    with refusal_of(""):
        act(city, "step", step=1)
    with refusal_of(""):
        act(city, "quiz", values=right())
    act(city, "begin")
    for number in (0, 2, 11):
        with refusal_of("step"):
            act(city, "step", step=number)
    sent = {"course": "produsen", "step": 1}
    once = at_once(app, city.token("produsen"), "satudata_training_step", sent)
    assert once == [200, 409, 409, 409]
    for value in ("", "abc", "x" * 121, "NIK 6171012501900001", "dua\nbaris di sini"):
        with refusal_of("value"):
            act(city, "step", step=2, value=value)
    act(city, "step", step=2, value=TITLE)
    for value in ("", "rename", "tiada", ["drop"]):
        with refusal_of("value"):
            act(city, "step", step=3, value=value)
    act(city, "step", step=3, value="drop")
    with refusal_of(*AXES):
        act(city, "step", step=4, values="biasa")
    with refusal_of("tingkat_keamanan"):
        act(city, "step", step=4, values={**AXES, "tingkat_keamanan": "terbatas"})
    for value in ("zzz", 7, None, ["biasa"]):
        with refusal_of("data_pribadi"):
            act(city, "step", step=4, values={**AXES, "data_pribadi": value})
    shown = act(city, "show")
    assert (shown["step"], shown["dataset"]["axes"]) == (3, {})
    act(city, "step", step=4, values={**AXES, "lain": "x"})
    assert act(city, "show")["dataset"]["axes"] == AXES
    with pytest.raises(tk.ObjectNotFound):
        act(city, "begin", course="tiada")


def test_it_is_for_members_of_an_agency(city) -> None:
    assert city.act("staf", "satudata_training_list")["count"] == len(training().courses)
    for who in (None, "warga"):
        for name in ("list", "show", "begin", "step", "quiz"):
            with pytest.raises(tk.NotAuthorized):
                city.act(who, f"satudata_training_{name}")


def test_it_goes_by_pages_and_the_card_is_a_paper(city, app) -> None:
    clerk = city.token("staf")
    assert app.get(HOME, follow_redirects=False).status_code == 302
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    address = f"{HOME}/produsen"
    assert address in app.get(HOME, headers=clerk).body
    assert app.post(address, headers=clerk, data={"act": "quiz"}).status_code == 403
    assert app.post(address, headers=clerk, data={"act": "begin"}).status_code == 200
    assert app.post(address, headers=clerk, data={"act": "step"}).status_code == 200
    assert app.post(address, headers=clerk, data={"act": "step"}).status_code == 422
    page = app.post(address, headers=clerk, data={"act": "step", "value": TITLE})
    assert TITLE in page.body
    assert "puskesmas-latihan.csv" in page.body
    app.post(address, headers=clerk, data={"act": "step", "value": "drop"})
    wrong = app.post(
        address, headers=clerk, data={"act": "step", **AXES, "data_pribadi": "spesifik"}
    )
    assert wrong.status_code == 422
    assert 'name="data_pribadi" id="road-data_pribadi" aria-describedby' in wrong.body
    for sent in (AXES, {}, {}):
        app.post(address, headers=clerk, data={"act": "step", **sent})
    # Whoever comes back another day goes on where they stopped, with the note on top.
    page = app.get(address, headers=clerk).body
    assert "satudata-handed-over" in page
    app.post(address, headers=clerk, data={"act": "step", "value": DESCRIPTION})
    page = app.get(address, headers=clerk)
    assert DESCRIPTION in page.body
    assert TITLE not in app.get(address, headers=city.token("produsen")).body
    paper = app.get(f"{address}/kartu.pdf", headers=clerk)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.data)).pages)
    assert "KARTU MEJA: MEMBAWA DATASET" in text
    assert app.get(f"{address}/kartu.pdf", headers=city.token("warga")).status_code == 403
    assert app.get(f"{HOME}/tiada", headers=clerk).status_code == 404
