"""Internal audit: samples that anybody draws again, and findings that somebody else closes."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.sentences import GROUPS
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki.records.model import SmkiFinding
from ckanext.satudata_pontianak.smki.rules.audit import drawn

FOUND = "Cadangan tidak pernah dicoba dipulihkan."
ANSWER = {
    "cause": "Tidak ada jadwal uji pemulihan.",
    "remedy": "Jadwal dibuat dan uji dilakukan.",
    "proof": "Berita acara 12/2026.",
}
SEEN = "Bukti sudah diperiksa."


def today() -> str:
    return days.today().isoformat()


def draw(city, who="pengawas", **asked):
    whole = {"group": "case", "from": today(), "until": today(), "size": 3}
    return city.act(who, "satudata_smki_sample_draw", **{**whole, **asked})


def opened(city, **asked):
    given = {"control": "backup_fresh", "grade": "minor", "found": FOUND, **asked}
    return city.act("pengawas", "satudata_smki_finding_open", **given)


def test_a_sample_is_drawn_again_from_the_ledger_alone(city) -> None:
    for _ in range(3):
        city.publish()
    made = draw(city)
    number = made["receipt"]["entry"]
    entry = model.Session.execute(sa.select(entry_table).where(entry_table.c.id == number)).one()
    said = entry.body["detail"]
    event = entry_table.c.event
    query = sa.select(entry_table.c.id, entry_table.c.at).where(
        sa.or_(*(event.startswith(each) for each in GROUPS["case"][1])),
        entry_table.c.id < number,
    )
    population = [
        row.id
        for row in model.Session.execute(query)
        if row.at.astimezone(days.CITY).date().isoformat() == said["from"]
    ]
    seed = said["digest"]
    ranked = sorted(population, key=lambda n: hashlib.sha256(f"{seed}:{n}".encode()).digest())
    assert made["entries"] == sorted(ranked[:3]) == said["entries"]
    assert made["population"] == len(population) >= 3
    assert draw(city)["seed"] != made["seed"]
    assert [s["seed"] for s in city.act("pengawas", "satudata_smki_sample_list")][1] == made["seed"]


def test_a_sample_is_the_same_in_whatever_order_its_population_comes() -> None:
    numbers, seed = list(range(1000)), "a" * 64
    assert drawn(seed, numbers, 20) == drawn(seed, reversed(numbers), 20)
    assert drawn(seed, numbers, 20) != drawn("b" * 64, numbers, 20)
    assert drawn(seed, [1, 2], 20) == [1, 2]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"group": ""}, "group"),
        ({"group": "account"}, "group"),
        ({"from": "kapan"}, "from"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "9999-12-31"}, "until"),
        ({"size": 0}, "size"),
        ({"size": 101}, "size"),
    ],
)
def test_what_no_sample_can_be_drawn_from_is_said(city, asked, field) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        draw(city, **asked)
    assert field in refusal.value.error_dict


@pytest.mark.parametrize("who", [None, "warga", "walidata", "ppid"])
def test_who_does_not_audit_draws_nothing_and_opens_nothing(city, who) -> None:
    with pytest.raises(tk.NotAuthorized):
        draw(city, who)
    with pytest.raises(tk.NotAuthorized):
        city.act(who, "satudata_smki_sample_list")
    with pytest.raises(tk.NotAuthorized):
        city.act(who, "satudata_smki_finding_open", control="backup_fresh")


def test_a_finding_goes_from_the_auditor_to_the_owner_and_is_closed_by_the_auditor(city) -> None:
    row = opened(city)
    assert (row["state"], row["role"], row["steps"]) == ("open", "operator", [])
    told = sa.select(Notice.user_id).where(Notice.kind == "smki_finding")
    owners = {city.users[name]["id"] for name in ("walidata", "walidata_2")}
    assert set(model.Session.scalars(told)) == owners

    def step(who, name, **texts):
        asked = {"finding": row["number"], "step": name, **texts}
        return city.act(who, "satudata_smki_finding_step", **asked)

    for who, name in (("pengawas", "close"), ("ppid", "answer"), ("walidata", "close")):
        with pytest.raises(tk.ValidationError):
            step(who, name, note=SEEN, **ANSWER)
    with pytest.raises(tk.ValidationError) as refusal:
        step("walidata", "answer", cause="pendek")
    assert set(refusal.value.error_dict) == {"cause", "remedy", "proof"}
    with pytest.raises(tk.ValidationError) as refusal:
        step("walidata", "answer", **{**ANSWER, "cause": "NIK 6171012501900001 tercatat."})
    assert set(refusal.value.error_dict) == {"cause"}
    assert step("walidata", "answer", **ANSWER)["state"] == "answered"
    assert step("pengawas", "return", note="Bukti belum cukup jelas.")["state"] == "open"
    assert step("walidata_2", "answer", **ANSWER)["state"] == "answered"
    closed = step("pengawas", "close", note=SEEN)
    assert (closed["state"], closed["closed"] is not None) == ("closed", True)
    assert {t["name"] for t in closed["texts"]} == {"found", "cause", "remedy", "proof", "note"}
    with pytest.raises(tk.ValidationError):
        step("walidata", "answer", **ANSWER)
    query = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("smki.finding"))
    texts = model.Session.scalars(query).all()
    assert len(texts) >= 5
    assert not any(word in text for text in texts for word in (FOUND, *ANSWER.values()))


def test_who_ever_answered_a_finding_does_not_close_it_and_a_deputy_answers(city) -> None:
    row = opened(city, control="holds_short")
    assert row["role"] == "ppid"

    def step(who, name, **texts):
        return city.act(
            who, "satudata_smki_finding_step", finding=row["number"], step=name, **texts
        )

    # The superior stands in for PPID.
    assert step("penetap", "answer", **ANSWER)["state"] == "answered"
    assert step("pengawas", "return", note=SEEN)["state"] == "open"
    answered = step("ppid", "answer", **ANSWER)
    assert (
        answered["taken"]["answer"]
        == city.act("ppid", "satudata_smki_finding_show", finding=row["number"])["taken"]["answer"]
    )
    city.join("setda", "penetap_2", "admin")
    name = city.users["penetap"]["name"]
    gone = {"id": "setda", "username": name, "nomor_sk": "SK/1/2026"}
    city.act("admin", "organization_member_delete", **gone)
    city.join("inspektorat", "penetap", "admin")
    with pytest.raises(tk.ValidationError) as refusal:
        step("penetap", "close", note=SEEN)
    assert "answered this finding" in str(refusal.value.error_dict)
    assert step("pengawas", "close", note=SEEN)["state"] == "closed"


def test_who_audits_opens_no_finding_on_a_control_of_theirs(city) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        opened(city, control="heads_elsewhere")
    assert set(refusal.value.error_dict) == {"control"}


def test_a_finding_on_a_control_of_a_role_that_is_gone_is_shown(city) -> None:
    row = opened(city)
    model.Session.execute(
        sa.update(SmkiFinding).values(control="of_before", role="of_before", grade="of_before")
    )
    model.Session.commit()
    shown = city.act("pengawas", "satudata_smki_finding_show", finding=row["number"])
    assert {shown["control_label"], shown["role_label"], shown["grade_label"]} == {"of_before"}
    assert city.act("walidata", "satudata_smki_finding_list")["count"] == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"control": "tiada"}, "control"),
        ({"control": ["backup_fresh"]}, "control"),
        ({"grade": "gawat"}, "grade"),
        ({"found": ""}, "found"),
        ({"found": "singkat"}, "found"),
        ({"found": "x" * 2001}, "found"),
        ({"found": "NIK 6171012501900001 tercatat."}, "found"),
    ],
)
def test_a_finding_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        opened(city, **asked)
    assert set(refusal.value.error_dict) == {field}
    assert city.act("pengawas", "satudata_smki_finding_list")["count"] == 0


def test_the_audit_goes_its_way_by_pages(city, app) -> None:
    home = "/satudata/keamanan/audit"
    auditor, owner = city.token("pengawas"), city.token("walidata")
    for path, status in ((home, 200), (f"{home}/uji-petik", 403)):
        assert app.get(path, follow_redirects=False).status_code == 302
        assert app.get(path, headers=city.token("warga")).status_code == 403
        assert app.get(path, headers=owner).status_code == status
        assert app.get(path, headers=auditor).status_code == 200
    sent = {"group": "case", "from": today(), "until": today(), "size": "5"}
    assert app.post(f"{home}/uji-petik", headers=owner, data=sent).status_code == 403
    made = app.post(f"{home}/uji-petik", headers=auditor, data=sent, follow_redirects=False)
    assert made.status_code == 302
    (sample,) = city.act("pengawas", "satudata_smki_sample_list")[:1]
    assert sample["seed"] in app.get(f"{home}/uji-petik", headers=auditor).body
    sent = {"control": "backup_fresh", "grade": "major", "found": FOUND}
    assert app.post(home, headers=owner, data=sent).status_code == 403
    assert app.post(home, headers=auditor, data={**sent, "found": "x"}).status_code == 422
    made = app.post(home, headers=auditor, data=sent, follow_redirects=False)
    address = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    assert FOUND in app.get(address, headers=owner).body
    assert app.post(address, headers=auditor, data={"step": "answer"}).status_code == 403
    answer = {"step": "answer", **ANSWER}
    assert app.post(address, headers=owner, data={"step": "answer"}).status_code == 422
    done = app.post(address, headers=owner, data=answer, follow_redirects=False)
    assert done.status_code == 302
    assert app.get(f"{home}/temuan/999999", headers=owner).status_code == 404
    (notice,) = [
        n
        for n in city.act("pengawas", "satudata_notice_list")["results"]
        if n["kind"] == "smki_finding"
    ]
    where = app.get(
        f"/satudata/pemberitahuan/{notice['id']}", headers=auditor, follow_redirects=False
    )
    assert where.headers["Location"].endswith(address)
