"""Delegations of an agency by a page: who sees them, who makes and ends them."""

from __future__ import annotations

import datetime as dt

import pytest

ZONE = dt.timezone(dt.timedelta(hours=7))
PAGE = "/satudata/perangkat-daerah/diskominfo/pelimpahan"


def _day(days: int = 0) -> str:
    return (dt.datetime.now(ZONE).date() + dt.timedelta(days=days)).isoformat()


def _asked(city, who: str = "staf", **values: str) -> dict[str, str]:
    return {
        "user": city.users[who]["name"],
        "from": _day(),
        "until": _day(7),
        "nomor_sk": "SK/9/2026",
        **values,
    }


@pytest.fixture
def office(city):
    """The city with somebody of Walidata's office who may stand in."""
    city.join("diskominfo", "staf", "member")
    return city


def _listed(city):
    return city.act("admin", "satudata_delegation_list", organization="diskominfo")


def test_who_sees_the_page_and_the_form(desk, office) -> None:
    people = (*office.users, "admin", None)
    sees = {who for who in people if desk.get(who, PAGE).status == 200}
    assert sees == {"walidata", "walidata_2", "ppid", "ppid_2", "pengawas", "admin"}
    offered = {who for who in sees if 'name="nomor_sk"' in desk.get(who, PAGE).body}
    assert offered == {"walidata", "walidata_2", "admin"}
    # The way to the page stands on the agency's own page, for the same people.
    links = {who for who in people if PAGE in desk.get(who, "/organization/diskominfo").body}
    assert links == sees
    assert desk.get("warga", PAGE).status == 403
    assert desk.get(None, PAGE).status == 302
    assert desk.get("admin", "/satudata/perangkat-daerah/tidak-ada/pelimpahan").status == 404


def test_an_agency_without_a_deciding_duty_delegates_nothing(desk, office) -> None:
    page = desk.get("kepala_dinkes", "/satudata/perangkat-daerah/dinkes/pelimpahan")
    assert page.status == 200
    assert 'name="nomor_sk"' not in page.body
    assert "pelimpahan" not in desk.get("kepala_dinkes", "/organization/dinkes").body
    path = "/satudata/perangkat-daerah/dinkes/pelimpahan"
    assert desk.post("kepala_dinkes", path, _asked(office)).status == 403


def test_a_duty_is_delegated_listed_and_ended(desk, office) -> None:
    staff = office.users["staf"]
    page = desk.get("walidata", PAGE)
    # Members are offered for the search; who holds the duty already is not.
    assert f'<option value="{staff["name"]}">' in page.body
    assert f'<option value="{office.users["walidata_2"]["name"]}">' not in page.body
    assert desk.post("walidata", PAGE, _asked(office)).status == 302
    later = _asked(office, "warga", **{"from": _day(30), "until": _day(40)})
    assert desk.post("walidata_2", PAGE, later).status == 302
    page = desk.get("walidata", PAGE)
    assert len(page.hidden("/akhiri")) == 2
    assert "SK/9/2026" in page.text
    # Who stands in sees that they do, and ends nothing.
    own = desk.get("staf", PAGE)
    assert own.status == 200
    assert own.hidden("/akhiri") == []
    dataset = office.dataset()
    office.step("produsen", dataset, "submit")
    assert "approve" in desk.case("staf", dataset).steps
    running = next(d["id"] for d in _listed(office) if d["running"])
    end = f"{PAGE}/{running}/akhiri"
    assert desk.post("staf", end, {}).status == 403
    assert desk.post("warga", f"{PAGE}/tidak-ada/akhiri", {}).status == 404
    assert desk.post("kepala_dinkes", end, {}).status == 404
    assert desk.post(None, end, {}).status == 302
    assert len([d for d in _listed(office) if d["revoked"]]) == 0
    assert desk.post("walidata", end, {}).status == 302
    assert desk.post("walidata", end, {}).status == 302
    ended = [d for d in _listed(office) if d["revoked"]]
    assert [d["id"] for d in ended] == [running]
    assert desk.case("staf", dataset).status == 404
    assert len(desk.get("walidata", PAGE).hidden("/akhiri")) == 1
    other = f"/satudata/perangkat-daerah/ppid/pelimpahan/{running}/akhiri"
    assert desk.post("ppid", other, {}).status == 404


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"user": ""}, ["user"]),
        ({"user": "tidak-ada-orang-ini"}, ["user"]),
        ({"from": ""}, ["from"]),
        ({"from": "besok"}, ["from"]),
        ({"until": ""}, ["until"]),
        ({"until": "2020-01-01"}, ["until"]),
        ({"until": "2099-01-01"}, ["until"]),
        ({"until": "31/02/2026"}, ["until"]),
        ({"nomor_sk": ""}, ["nomor_sk"]),
        ({"nomor_sk": "S" * 500}, ["nomor_sk"]),
        ({"user": "", "from": "", "until": ""}, ["user", "from", "until"]),
    ],
)
def test_what_is_wrong_is_said_at_the_field(desk, office, wrong, fields) -> None:
    page = desk.post("walidata", PAGE, _asked(office, **wrong))
    assert page.status == 422
    known = ("user", "from", "until", "nomor_sk")
    assert [name for name in known if f'id="road-{name}-error"' in page.body] == fields
    assert _listed(office) == []


def test_nobody_delegates_to_themselves_or_to_an_admin_of_the_body(desk, office) -> None:
    for who in ("walidata", "walidata_2"):
        page = desk.post("walidata", PAGE, _asked(office, who))
        assert page.status == 422
        assert 'id="road-user-error"' in page.body
    assert desk.post("walidata", PAGE, _asked(office)).status == 302
    twice = desk.post("walidata", PAGE, _asked(office))
    assert twice.status == 422
    assert 'id="road-from-error"' in twice.body
    assert len(_listed(office)) == 1
