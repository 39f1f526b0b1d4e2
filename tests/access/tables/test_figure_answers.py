"""What an agency says of a figure that does not agree, and who reads of it when."""

from __future__ import annotations

import datetime as dt

import pytest
import rdflib
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import clock
from ckanext.satudata_pontianak.access.quality.model import FigureAnswer

# In one file: of a total with its parts.
TOTAL = b"jenis,jumlah_kasus\nringan,120\nberat,95\nJumlah,315\n"
MENDED = b"jenis,jumlah_kasus\nringan,120\nberat,95\nJumlah,215\n"
BEFORE = b"tahun,kecamatan,jumlah_kasus\n2024,Pontianak Kota,120\n2024,Pontianak Barat,95\n"
JUMP = b"tahun,kecamatan,jumlah_kasus\n2025,Pontianak Kota,5120\n2025,Pontianak Barat,97\n"
WHY = "Satu puskesmas melapor dua kali"
DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")


def asked(city, dataset, who=None):
    return city.act(who, "satudata_quality_show", id=dataset["name"])["asked"]


def answered(city, dataset, key, who="produsen", **said):
    given = {"answer": "right", "reason": WHY, **said}
    return city.act(who, "satudata_figure_answer", id=dataset["name"], figure=key, **given)


def later(days: int):
    return clock.set_to(clock.now() + dt.timedelta(days=days))


@pytest.fixture
def served(city, make_upload, work):
    """Return an open dataset with a total that is not the sum of its parts."""
    dataset = city.publish(file=make_upload(TOTAL, "kasus.csv"))
    work(dataset)
    return dataset


def test_its_agency_and_walidata_are_told_at_once_and_everybody_else_with_the_answer(
    city, served
) -> None:
    (figure,) = asked(city, served, "produsen")
    assert (figure["found"], figure["other"], figure["waits"]) == (315, 215, False)
    assert figure["due"]
    assert asked(city, served, "walidata")
    assert not asked(city, served, "walidata")[0]["url"]
    for who in (None, "warga", "produsen_lain"):
        assert asked(city, served, who) == []
    done = answered(city, served, figure["id"])
    assert done["receipt"]
    (told,) = asked(city, served)
    assert (told["answer"], told["reason"]) == ("right", WHY)
    assert WHY in told["reply"]
    assert not told["url"]
    assert not answered(city, served, figure["id"])["receipt"]


def test_after_the_deadline_everybody_is_told_that_there_is_no_answer(city, served) -> None:
    with later(20):
        (told,) = asked(city, served)
    assert told["answer"] is None
    assert told["reply"]
    assert asked(city, served) == []


def test_what_will_be_corrected_says_until_when(city, served) -> None:
    (figure,) = asked(city, served, "produsen")
    answered(city, served, figure["id"], answer="mend", reason="")
    (told,) = asked(city, served)
    assert told["mended_by"]


def test_the_answer_goes_with_the_file_that_it_is_of(city, served, make_upload, work) -> None:
    (figure,) = asked(city, served, "produsen")
    answered(city, served, figure["id"])
    resource = served["resources"][0]["id"]
    upload = make_upload(MENDED, "kasus-2.csv")
    city.act("produsen", "resource_patch", id=resource, upload=upload)
    work(served)
    city.step("produsen", served, "submit")
    city.step("walidata", served, "approve")
    work(served)
    for who in (None, "produsen"):
        assert asked(city, served, who) == []
    with pytest.raises(tk.ValidationError):
        answered(city, served, figure["id"])


def test_a_figure_of_an_older_file_that_is_not_given_is_told_to_nobody_else(
    city, make_upload, work
) -> None:
    dataset = city.publish(file=make_upload(BEFORE, "kasus.csv"))
    work(dataset)
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(JUMP, "kasus-2.csv"))
    work(dataset)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    (figure,) = asked(city, dataset, "produsen")
    answered(city, dataset, figure["id"])
    assert asked(city, dataset) == []


def test_nothing_of_it_is_told_where_the_data_are_not_open(city, make_upload, work) -> None:
    dataset = city.limit(file=make_upload(TOTAL, "kasus.csv"))
    work(dataset)
    (figure,) = asked(city, dataset, "produsen")
    answered(city, dataset, figure["id"])
    for who in (None, "warga", "produsen_lain"):
        assert asked(city, dataset, who) == []


def test_a_column_that_the_dictionary_calls_personal_is_told_to_nobody(city, served) -> None:
    (figure,) = asked(city, served, "produsen")
    answered(city, served, figure["id"])
    said = {"column": "jumlah kasus", "public": "tidak", "why": "pribadi"}
    city.act("produsen", "satudata_variable_update", id=served["id"], **said)
    for who in (None, "produsen"):
        assert asked(city, served, who) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"answer": "mungkin"}, "answer"),
        ({"reason": ""}, "reason"),
        ({"reason": "Orangnya ber-NIK 6171012501900001"}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"figure": "000000000000"}, "figure"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(city, served, said, field: str) -> None:
    (figure,) = asked(city, served, "produsen")
    given = {"figure": figure["id"], "answer": "right", "reason": WHY, **said}
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", "satudata_figure_answer", id=served["id"], **given)
    assert set(refused.value.error_dict) == {field}
    model.Session.rollback()
    assert not model.Session.scalar(sa.select(sa.func.count(FigureAnswer.id)))


@pytest.mark.parametrize("who", ["warga", "produsen_lain", "walidata", "staf"])
def test_only_who_publishes_for_the_agency_answers(city, served, who: str) -> None:
    (figure,) = asked(city, served, "produsen")
    with pytest.raises(tk.NotAuthorized):
        answered(city, served, figure["id"], who=who)


def test_the_pages_say_it_and_lead_the_agency_to_its_answer(city, app, served) -> None:
    (figure,) = asked(city, served, "produsen")
    page = f"/dataset/{served['name']}"
    form = f"/satudata/berkas/{served['name']}/angka/{figure['id']}"
    # By its id: moments on the page may hold the digits of any number.
    assert f"angka-{figure['id']}" not in app.get(page).body
    assert form in app.get(page, headers=city.token("produsen")).body
    assert "315" in app.get(form, headers=city.token("produsen"), status=200).body
    app.get(form, headers=city.token("warga"), status=404)
    sent = {"answer": "right", "reason": WHY}
    app.post(form, data=sent, headers=city.token("produsen"), follow_redirects=False, status=303)
    assert WHY in app.get(page).body


def test_linked_data_say_it_with_the_answer_and_not_before(city, app, served) -> None:
    def noted() -> list[str]:
        answer = app.get(f"/dataset/{served['name']}.ttl", status=200)
        graph = rdflib.Graph().parse(data=answer.body, format="turtle")
        nodes = graph.subjects(rdflib.RDF.type, DQV.QualityAnnotation)
        return [str(graph.value(node, OA.bodyValue)) for node in nodes]

    (figure,) = asked(city, served, "produsen")
    assert noted() == []
    answered(city, served, figure["id"])
    (text,) = noted()
    assert WHY in text
