"""Emergency access by pages: who is offered it, what is asked, and how it ends."""

from __future__ import annotations

import datetime as dt

import pytest

WHY = "Walidata dan wakilnya sakit"
ZONE = dt.timezone(dt.timedelta(hours=7))


def _path(dataset) -> str:
    return f"/satudata/berkas/{dataset['name']}/akses-darurat"


def _in(**span: int) -> str:
    moment = dt.datetime.now(ZONE) + dt.timedelta(**span)
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def _asked(**values: str) -> dict[str, str]:
    return {"duty": "walidata", "until": _in(hours=2), "reason": WHY, **values}


def test_it_is_offered_to_system_administrators_on_the_case(desk, city) -> None:
    dataset = city.dataset()
    seen = {who for who in (*city.users, "admin") if _path(dataset) in desk.case(who, dataset).body}
    assert seen == {"admin"}
    decided = city.publish()
    address = f"/dataset/{decided['name']}"
    people = (*city.users, "admin", None)
    assert {who for who in people if _path(decided) in desk.get(who, address).body} == {"admin"}
    assert desk.get("walidata", _path(dataset)).status == 403
    assert desk.post("walidata", _path(dataset), _asked()).status == 403
    assert desk.get("warga", _path(dataset)).status == 404
    assert desk.get(None, _path(dataset)).status == 302
    assert desk.get("admin", "/satudata/berkas/tidak-ada/akses-darurat").status == 404


def test_it_starts_for_one_duty_and_ends_by_the_banner(desk, city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    other = city.dataset()
    page = desk.get("admin", _path(dataset))
    # Who holds the case is offered first.
    assert '<option value="walidata" selected>' in page.body
    assert desk.case("admin", dataset).steps == {}
    started = desk.post("admin", _path(dataset), _asked())
    assert started.status == 302
    assert started.location.endswith(f"/satudata/berkas/{dataset['name']}")
    page = desk.case("admin", dataset)
    assert WHY in page.body
    assert "approve" in page.steps
    assert _path(dataset) not in page.body
    assert desk.case("admin", other).steps == {}
    again = desk.get("admin", _path(dataset))
    assert again.status == 409
    assert desk.post("admin", _path(dataset), _asked(duty="ppid")).status == 409
    form = desk.get("admin", "/").hidden("/akses-darurat/akhiri")[0]
    assert desk.post("walidata", "/satudata/akses-darurat/akhiri", form).status == 403
    assert desk.post("admin", "/satudata/akses-darurat/akhiri", form).status == 302
    assert desk.case("admin", dataset).steps == {}
    assert WHY not in desk.get("admin", "/").body


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "sakit"}, "reason"),
        ({"reason": "a" * 2001}, "reason"),
        ({"duty": ""}, "duty"),
        ({"duty": "pengawas"}, "duty"),
        ({"duty": "raja"}, "duty"),
        ({"until": ""}, "until"),
        ({"until": "besok"}, "until"),
        ({"until": "2020-01-01T10:00"}, "until"),
        ({"until": _in(hours=30)}, "until"),
        ({"until": "9999-99-99T99:99"}, "until"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(desk, city, wrong, field) -> None:
    dataset = city.dataset()
    page = desk.post("admin", _path(dataset), _asked(**wrong))
    assert page.status == 422
    errors = [n for n in ("duty", "until", "reason") if f'id="road-{n}-error"' in page.body]
    assert errors == [field]
    assert "satudata-break-glass" not in desk.get("admin", "/").body
