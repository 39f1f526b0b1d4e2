"""Findings of the files that are served, on a page that needs no open case."""

from __future__ import annotations

import pytest

MAIL = b"catatan,surel\nContoh,seseorang@gmail.com\nContoh Dua,orang.lain@yahoo.com\n"
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
WHY = "Alasan yang cukup panjang"
END = "/tersaji"


def _path(dataset) -> str:
    return f"/satudata/berkas/{dataset['name']}{END}"


@pytest.fixture
def served(city, make_upload):
    """A dataset that is open with identity numbers in it, called a false alarm by mistake."""
    dataset = city.dataset(file=make_upload(NIKS))
    city.step("produsen", dataset, "submit")
    scan = city.act("walidata_2", "satudata_classification_show", id=dataset["id"])["scans"][0]
    for item in scan["findings"]:
        city.act(
            "walidata_2",
            "satudata_finding_resolve",
            id=dataset["id"],
            version=scan["version"],
            **item["key"],
            resolution="false_alarm",
            reason=WHY,
        )
    city.step("walidata", dataset, "approve")
    return dataset


def test_who_sees_what_was_found_and_who_says_something_of_it(desk, city, served) -> None:
    people = (*city.users, "admin", None)
    sees = {who for who in people if desk.get(who, _path(served)).status == 200}
    editors = {"produsen", "produsen_2"}  # who may hold what they see
    assert sees == {"walidata", "walidata_2", "ppid", "ppid_2", "kepala_dinkes"} | editors
    says = {who for who in sees if desk.get(who, _path(served)).hidden(END)}
    assert says == sees - {"kepala_dinkes"} - editors
    address = f"/dataset/{served['name']}"
    assert {who for who in people if _path(served) in desk.get(who, address).body} == sees
    body = desk.get("ppid", _path(served)).body
    assert "6171014101900001" not in body
    assert f"/satudata/berkas/{served['name']}/tahan" in body
    assert desk.get(None, _path(served)).status == 302
    assert desk.get("warga", _path(served)).status == 403
    assert desk.get("ppid", f"/satudata/berkas/tidak-ada{END}").status == 404
    draft = city.dataset()
    assert desk.get("walidata", _path(draft)).status == 403


def test_a_finding_is_resolved_without_an_open_case(desk, city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(MAIL), data_pribadi="umum")
    city.step("produsen", dataset, "submit")
    hidden = desk.case("walidata", dataset).hidden("/temuan")[0]
    said = {"resolution": "lawfully_public", "ground": "jabatan", "reason": WHY}
    path = f"/satudata/berkas/{dataset['name']}/temuan"
    assert desk.post("walidata_2", path, {**hidden, **said}).status == 302
    city.step("walidata", dataset, "approve")
    form = desk.get("ppid", _path(dataset)).hidden(END)[0]
    assert form["finding"] == hidden["finding"]
    again = {**form, **said, "ground": "peraturan", "reason": "Menurut undang-undang"}
    done = desk.post("ppid", _path(dataset), again)
    assert done.status == 302
    assert done.location.endswith(_path(dataset))


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ({}, ["-resolution-error", "-reason-error"]),
        ({"resolution": "false_alarm", "reason": "pendek"}, ["-reason-error"]),
        ({"resolution": "tidak_tahu", "reason": WHY}, ["-resolution-error"]),
        ({"resolution": "lawfully_public", "ground": "jabatan", "reason": WHY}, []),
        ({"finding": "f00", "resolution": "false_alarm", "reason": WHY}, []),
    ],
)
def test_what_is_wrong_is_said(desk, city, served, said, marks) -> None:
    form = desk.get("ppid", _path(served)).hidden(END)[0]
    page = desk.post("ppid", _path(served), {**form, **said})
    assert page.status == 422
    assert 'id="satudata-errors"' in page.body
    known = ("-resolution-error", "-ground-error", "-reason-error")
    assert [mark for mark in known if f'{mark}"' in page.body] == marks


def test_who_may_not_say_anything_is_refused(desk, city, served) -> None:
    form = desk.get("ppid", _path(served)).hidden(END)[0]
    said = {**form, "resolution": "false_alarm", "reason": WHY}
    assert desk.post("kepala_dinkes", _path(served), said).status == 403
    assert desk.post("warga", _path(served), said).status == 403
    assert desk.post(None, _path(served), said).status == 302


def test_a_hold_shows_on_the_page_and_is_lifted_from_there(desk, city, served) -> None:
    fields = {"scope": "data", "reason": WHY}
    path = f"/satudata/berkas/{served['name']}/tahan"
    assert desk.post("ppid", path, fields).status == 302
    assert WHY in desk.get("walidata", _path(served)).text
    hold = city.act("ppid", "satudata_classification_show", id=served["id"])["holds"][0]["id"]
    lift = f"/satudata/berkas/{served['name']}/lepas/{hold}"
    assert lift in desk.get("walidata", _path(served)).body
    assert lift not in desk.get("ppid", _path(served)).body
