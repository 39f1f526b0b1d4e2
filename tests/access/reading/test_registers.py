"""The registers say the same to everybody, and nothing that the policy does not let out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.access.reading import registers
from ckanext.satudata_pontianak.classification.records.model import Decision

from ...refusals import refusal_of
from ...statements import statements
from ..matrix import NOTHING
from ..states import STATES
from ..world import World

REGISTER = "satudata_information_register"
OPEN = {"open", "open_with_waiting", "held_data", "reopened"}
LIMITED = {
    "limited", "limited_all_agencies", "limited_with_waiting", "tightened", "expired", "granted",
    "grant_ended",
}  # fmt: skip
SECRET = {"secret", "sealed"}


def asked(world: World, register: str = "dik", who: str | None = None, **more: Any) -> Any:
    return world.city.act(who, REGISTER, register=register, **more)


def word(state: str, kind: str) -> str:
    """Return the canary that was planted in a state."""
    return f"kenari{list(STATES).index(state):02d}{kind}q"


def decision_of(world: World, state: str) -> str:
    query = sa.select(Decision.id).where(Decision.package_id == world.nest.datasets[state])
    return str(model.Session.scalars(query.order_by(Decision.decided_at.desc())).first())


def test_each_register_has_its_states_and_is_the_same_for_everybody(world) -> None:
    dip, dik = asked(world, "dip"), asked(world)
    assert {row["title"] for row in dip["results"]} == {word(state, "judul") for state in OPEN}
    assert all(row["formats"] == ["CSV"] for row in dip["results"])
    assert "counted" not in dip
    named = {row["dataset"]["title"] for row in dik["results"] if row["dataset"]}
    assert named == {word(state, "judul") for state in LIMITED}
    secret = [row for row in dik["results"] if row["level"] == "rahasia"]
    assert {row["id"] for row in secret} == {decision_of(world, state) for state in SECRET}
    assert all(row["dataset"] is None for row in secret)
    assert dik["count"] == len(LIMITED | SECRET)
    assert dik["counted"] == 1
    assert {row["information"] for row in dik["results"]} == {"Daftar lokasi gudang obat"}
    for who in ("warga", "ppid", "kepala_dinkes", "pengawas", "admin"):
        assert (asked(world, "dip", who), asked(world, "dik", who)) == (dip, dik)


def test_filters_and_counts_tell_nothing_of_what_is_hidden(world) -> None:
    whole, year = asked(world)["count"], days.today().year
    assert asked(world, agency="dinkes", kind="b", year=year)["count"] == whole
    for nothing in ({"agency": "dinsos"}, {"kind": "a"}, {"year": year - 1}, {"q": "tiada"}):
        found = asked(world, **nothing)
        # What is only counted is the number of the city: a filter would say what it is about.
        assert (found["count"], found["counted"]) == (0, 1)
    # A title that is not told is not searched either.
    assert asked(world, q=word("secret", "judul"))["count"] == 0
    assert asked(world, q=word("limited", "judul"))["count"] == 1
    assert asked(world, q="%")["count"] == asked(world, q="_")["count"] == 0
    ids = [asked(world, limit=1, offset=n)["results"][0]["id"] for n in range(whole)]
    assert len(set(ids)) == whole
    beyond = asked(world, offset=whole + 1)
    assert beyond == {"register": "dik", "count": whole, "counted": 1, "results": []}


@pytest.mark.parametrize(
    "params",
    [
        {}, {"register": "x"}, {"register": "dik", "year": "x"}, {"register": "dik", "kind": "z"},
        {"register": "dik", "agency": "tiada"}, {"register": "dik", "limit": 501},
        {"register": "dik", "q": ["a"]}, {"register": "dip", "kind": "dikecualikan"},
        {"register": "dik", "offset": -1}, {"register": "dik", "q": "a\x00"},
    ],
)  # fmt: skip
def test_wrong_parameters_are_named(world, params) -> None:
    with refusal_of(*{**params, "register": ""}):
        world.city.act(None, REGISTER, **params)


def test_pages_and_files_say_what_the_action_says(world, app) -> None:
    hidden = [word(state, "judul") for state in (*SECRET, "top_secret", "held_all", "draft")]
    for path in ("/satudata/dik", "/satudata/dik.csv", "/satudata/dip", "/satudata/dip.csv"):
        body = app.get(path).body
        assert not [text for text in hidden if text in body], path
    page = app.get("/satudata/dik").body
    assert "1 informasi sangat rahasia tidak diperinci" in page
    assert word("open", "judul") in app.get("/satudata/dip").body
    odd = app.get("/satudata/dik?agency=dinsos&kind=zz&year=abc&page=99").body
    assert "alert-warning" in odd
    assert "Tidak ada informasi" in odd


def test_an_item_says_why_until_when_and_how_to_ask(world, app) -> None:
    limited = "/satudata/dik/" + decision_of(world, "limited")
    page = app.get(limited).body
    for text in ("Daftar lokasi gudang obat", "Pasal 17 huruf b", "24 November 2028", "SK-7/2026"):
        assert text in page
    name = word("limited", "nama")
    assert f"/satudata/akses/{name}" in page
    assert "/satudata/penetapan/" in page
    # The dataset's closed page and a program's refusal both lead here.
    assert limited in app.get("/dataset/" + name).body
    program = {"Accept": "application/json"}
    address = f"/dataset/{name}/resource/{world.resource_of('limited')}/download"
    refused = app.get(address, headers=program, status=403)
    assert refused.json["excluded"].endswith(limited)
    secret = "/satudata/dik/" + decision_of(world, "sealed")
    page = app.get(secret).body
    assert "/organization/ppid" in page
    assert not [t for t in ("/satudata/akses/", "/satudata/penetapan/", "kenari") if t in page]
    # Those who may know of it get to its papers from here; the page itself says no more.
    page = app.get(secret, headers=world.token("ppid")).body
    assert "/satudata/penetapan/" in page
    assert word("sealed", "judul") not in page
    ended = app.get("/satudata/dik/" + decision_of(world, "expired")).body
    assert "satudata-overdue" in ended


def test_what_has_no_page_answers_like_what_is_unknown(world, app) -> None:
    without = ["top_secret", "open", "held_all"]
    names = [decision_of(world, state) for state in without]
    names += [world.nest.datasets[state] for state in (*without, "secret", "limited")]
    names += [word(state, "nama") for state in (*without, "secret", "limited")]
    program = {"Accept": "application/json"}
    for form in ("/satudata/dik/{}", "/satudata/penetapan/{}", "/satudata/penetapan/{}/surat.pdf"):
        answers = {
            app.get(form.format(name), headers=program, status=404).body.replace(name, "X")
            for name in (NOTHING, "tiada", *names)
        }
        assert len(answers) == 1, form
    secret = "/satudata/penetapan/" + decision_of(world, "secret")
    assert app.get(secret, headers=program, status=404)
    assert app.get(secret, headers=world.token("owner_editor")).status_code == 200
    assert app.get(secret + "/lain.pdf", headers=world.token("ppid"), status=404)


def test_a_page_is_one_query_and_ten_thousand_decisions_are_fast(world) -> None:
    many = sa.text(
        """
        WITH made AS (
          INSERT INTO package (id, name, title, type, state, private, owner_org)
          SELECT 'banyak-' || n, 'banyak-' || n, 'Banyak ' || n, 'dataset', 'active', false,
                 (SELECT id FROM "group" WHERE name = 'dinkes')
            FROM generate_series(1, 10000) n RETURNING id)
        INSERT INTO satudata_decision (id, package_id, case_id, in_force, jenis_informasi,
               tingkat_keamanan, data_pribadi, recipients, all_agencies, basis, decided_at)
        SELECT id, id, id, true, 'dikecualikan', 'terbatas', 'tidak_ada', '[]', false,
               '{"informasi": "Banyak", "pasal_pengecualian": "b"}', now() FROM made
        """
    )
    model.Session.rollback()
    model.Session.execute(many)
    began = dt.datetime.now(dt.UTC)
    try:
        with statements() as queries:
            found = registers.find(registers.Wanted("dik", text="banyak"), 20, 9000)
    finally:
        took = dt.datetime.now(dt.UTC) - began
        model.Session.rollback()
    assert (found.count, found.counted, len(found.rows)) == (10000, 1, 20)
    assert len(queries) == 1
    assert took.total_seconds() < 3
