"""Citizens' reports: bundled by thing, answered by the owner in time, told to who has the code."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.records.report_model import Report, ReportVoice
from ckanext.satudata_pontianak.jepin.reports import reporting
from ckanext.satudata_pontianak.jepin.rules.report_rules import reports
from ckanext.satudata_pontianak.ledger.tables import entry_table

TEXT = "Sejak kemarin halaman depan kosong di telepon saya."
ANSWER = "Server dihidupkan kembali dan halaman tampil lagi."
DESK = "/satudata/jepin/laporan"


def report(city, package, who=None, **asked):
    given = {"id": package["id"], "kind": "cannot_open", "text": TEXT, **asked}
    return city.act(who, "satudata_jepin_report_create", **given)


def listed(city, who, **asked):
    return city.act(who, "satudata_jepin_report_list", **asked)


def answer(city, who, number, **asked):
    given = {"outcome": "repaired", "answer": ANSWER, **asked}
    return city.act(who, "satudata_jepin_report_answer", report=number, **given)


def follow(city, code):
    return city.act(None, "satudata_jepin_report_show", code=code)


def told(kind: str) -> set[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(query.where(Notice.kind == kind)))


def names(city, *people: str) -> set[str]:
    return {city.users[who]["name"] for who in people}


def make_late(number: int) -> None:
    query = sa.update(Report).where(Report.number == number)
    model.Session.execute(query.values(due=days.today() - dt.timedelta(days=1)))
    model.Session.commit()


def test_a_citizen_reports_without_a_name_and_follows_it_to_the_answer(city) -> None:
    package = city.publish()
    mine = report(city, package)
    other = report(city, package, text="")
    assert mine["code"] != other["code"]
    stands = follow(city, mine["code"].lower())
    assert (stands["state"], stands["text"], stands["answer"]) == ("open", TEXT, None)
    assert stands["dataset"]["name"] == package["name"]
    (row,) = listed(city, "produsen")["results"]
    assert (row["voices"], row["answers"]) == (2, True)
    shown = city.act("produsen", "satudata_jepin_report_show", report=row["number"])
    assert [each["text"] for each in shown["texts"]] == [TEXT]
    done = answer(city, "produsen", row["number"])
    assert (done["state"], done["answers"], done["outcomes"]) == ("ended", False, [])
    for each in (mine, other):
        stands = follow(city, each["code"])
        assert (stands["outcome"], stands["answer"]) == ("repaired", ANSWER)
    assert listed(city, "produsen")["count"] == 0
    assert listed(city, "produsen", state="ended", id=package["id"])["count"] == 1
    again = report(city, package)
    assert again["state"] == "open"
    assert follow(city, mine["code"])["state"] == "ended"


def test_its_owner_is_told_once_and_walidata_when_the_answer_is_late(city) -> None:
    package = city.publish()
    report(city, package)
    report(city, package)
    owners = names(city, "produsen", "produsen_2", "kepala_dinkes")
    assert told("jepin_report") == owners
    (row,) = listed(city, "walidata")["results"]
    assert not row["answers"]
    with pytest.raises(tk.ValidationError):
        answer(city, "walidata", row["number"])
    assert reporting.remind() == 0
    make_late(row["number"])
    assert reporting.remind() > 0
    assert reporting.remind() == 0
    assert told("jepin_report_late") == owners | names(city, "walidata", "walidata_2")
    assert answer(city, "walidata", row["number"])["state"] == "ended"
    assert reporting.remind(days.today() + dt.timedelta(days=30)) == 0


def test_known_is_said_once_and_a_further_answer_is_owed(city) -> None:
    code = report(city, city.publish(), kind="stale")["code"]
    (row,) = listed(city, "produsen")["results"]
    first = answer(city, "produsen", row["number"], outcome="known")
    assert first["state"] == "known"
    assert first["due"] > row["due"]
    assert "known" not in first["outcomes"]
    assert follow(city, code)["outcome"] == "known"
    with pytest.raises(tk.ValidationError) as refusal:
        answer(city, "produsen", row["number"], outcome="known")
    assert set(refusal.value.error_dict) == {"outcome"}
    assert answer(city, "produsen", row["number"], outcome="not_so")["state"] == "ended"
    with pytest.raises(tk.ValidationError):
        answer(city, "produsen", row["number"])


def test_things_are_bundled_by_kind_and_point(city) -> None:
    package = city.publish()
    for asked in (
        {},
        {"kind": "wrong"},
        {"kind": "broken", "point": "Taman Alun-Alun (utara)"},
        {"kind": "broken", "point": "Taman Alun-Alun (utara)"},
        {"kind": "broken", "point": "Pasar Flamboyan"},
    ):
        report(city, package, **asked)
    found = {(r["kind"], r["point"]): r["voices"] for r in listed(city, "produsen")["results"]}
    assert found == {
        ("cannot_open", ""): 1,
        ("wrong", ""): 1,
        ("broken", "Taman Alun-Alun (utara)"): 2,
        ("broken", "Pasar Flamboyan"): 1,
    }


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "lain"}, "kind"),
        ({"kind": ["stale"]}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "broken"}, "kind"),
        ({"point": "x" * 101}, "point"),
        ({"point": "<b>Pasar</b>"}, "point"),
        ({"point": "Pasar\nTengah"}, "point"),
        ({"point": "6171012501900001"}, "point"),
        ({"point": 7}, "point"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "NIK saya 6171012501900001 ditolak."}, "text"),
        ({"text": ["a"]}, "text"),
        ({"text": "a\x00b"}, "text"),
    ],
)
def test_a_report_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    package = city.publish()
    with pytest.raises(tk.ValidationError) as refusal:
        report(city, package, **asked)
    assert set(refusal.value.error_dict) == {field}
    assert listed(city, "produsen")["count"] == 0


def test_an_answer_is_refused_with_the_field_that_is_wrong(city) -> None:
    report(city, city.publish())
    number = listed(city, "produsen")["results"][0]["number"]
    for asked, field in (
        ({"outcome": "lain"}, "outcome"),
        ({"answer": "singkat"}, "answer"),
        ({"answer": "Pelapor 6171012501900001 sudah ditelepon."}, "answer"),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            answer(city, "produsen", number, **asked)
        assert set(refusal.value.error_dict) == {field}


def test_what_is_hidden_and_what_is_not_there_are_answered_alike(city, app) -> None:
    closed = city.seal()
    for who in (None, "warga", "produsen_lain"):
        said = {
            (answered.status_code, answered.body.replace(named, "?"))
            for named in (closed["name"], "dinkes-tidak-ada")
            for answered in [
                city.over_http(app, who, "satudata_jepin_report_create", id=named, kind="stale")
            ]
        }
        assert len(said) == 1
        pages = {
            app.get(f"/jepin/lapor/{named}", headers=city.token(who), status=404).status_code
            for named in (closed["name"], "dinkes-tidak-ada")
        }
        assert pages == {404}
    with pytest.raises(tk.ObjectNotFound):
        report(city, {"id": "dinkes-tidak-ada"})


def test_it_is_seen_by_its_owner_walidata_and_the_auditor_alone(city) -> None:
    code = report(city, city.publish())["code"]
    (row,) = listed(city, "pengawas")["results"]
    assert not row["answers"]
    number = row["number"]
    assert listed(city, "produsen_lain")["count"] == 0
    for name, asked in (("show", {}), ("answer", {"outcome": "not_so", "answer": ANSWER})):
        with pytest.raises(tk.ObjectNotFound) as there:
            city.act("produsen_lain", f"satudata_jepin_report_{name}", report=number, **asked)
        with pytest.raises(tk.ObjectNotFound) as nowhere:
            city.act("produsen_lain", f"satudata_jepin_report_{name}", report=999999, **asked)
        assert str(there.value) == str(nowhere.value)
    for who in (None, "warga"):
        with pytest.raises(tk.NotAuthorized):
            listed(city, who)
        with pytest.raises(tk.ObjectNotFound):
            city.act(who, "satudata_jepin_report_show", report=number)
    for wrong in ("0000-0000-0000-00000", "kode", code[:-1] + ("A" if code[-1] != "A" else "B")):
        with pytest.raises(tk.ObjectNotFound):
            follow(city, wrong)


def test_what_was_closed_meanwhile_is_not_named_to_who_follows_it(city) -> None:
    package = city.publish()
    code = report(city, package)["code"]
    city.act(
        "walidata", "satudata_hold_create", id=package["id"], scope="all", reason="Diperiksa dulu."
    )
    stands = follow(city, code)
    assert (stands["dataset"], stands["state"]) == (None, "open")


def test_the_ledger_says_that_and_never_what_was_written(city) -> None:
    package = city.publish()
    report(city, package, "warga", kind="broken", point="Pasar Flamboyan")
    number = listed(city, "produsen")["results"][0]["number"]
    answer(city, "produsen", number)
    columns = (entry_table.c.event, entry_table.c.text, entry_table.c.actor_id)
    query = sa.select(*columns).where(entry_table.c.event.startswith("jepin.report"))
    entries = model.Session.execute(query.order_by(entry_table.c.id.desc()).limit(2)).all()
    assert [e.event for e in entries] == ["jepin.report_answer", "jepin.report"]
    assert not any(w in e.text for e in entries for w in (TEXT, ANSWER, "Flamboyan"))
    # Nobody is asked for a name, and who happened to be logged in gave none either.
    assert entries[1].actor_id is None
    assert city.users["warga"]["name"] not in entries[1].text


def test_an_address_reports_so_often_and_no_more(city, app) -> None:
    package, limits = city.publish(), reports().limits

    def sent(address: str, **asked):
        return app.post(
            "/api/3/action/satudata_jepin_report_create",
            json={"id": package["id"], "kind": "stale", **asked},
            headers={"X-Forwarded-For": address},
            status=None,
        )

    def send(address: str, **asked) -> int:
        return sent(address, **asked).status_code

    def refused(address: str, **asked) -> list[str]:
        return [key for key in sent(address, **asked).json["error"] if key != "__type"]

    for _ in range(limits.of_one_address_for_a_thing):
        assert send("198.51.100.61") == 200
    assert send("198.51.100.61") == 409
    # Of who is over the limit no photo is drawn, nor looked at.
    point = {"kind": "broken", "point": "WF-1"}
    for _ in range(limits.of_one_address_for_a_thing):
        assert send("198.51.100.63", **point) == 200
    assert set(refused("198.51.100.63", **point, photo="kosong")) == {""}
    assert set(refused("198.51.100.64", **point, photo="kosong")) == {"photo"}
    assert send("198.51.100.61", kind="wrong") == 200
    assert send("198.51.100.62") == 200
    (row,) = [r for r in listed(city, "produsen")["results"] if r["kind"] == "stale"]
    assert row["voices"] == limits.of_one_address_for_a_thing + 1


def test_texts_are_erased_when_their_time_is_over_and_addresses_after_a_day(city, app) -> None:
    package = city.publish()
    asked = {"id": package["id"], "kind": "stale", "text": TEXT}
    app.post(
        "/api/3/action/satudata_jepin_report_create",
        json=asked,
        headers={"X-Forwarded-For": "198.51.100.63"},
    )
    origins = sa.select(ReportVoice.origin)
    assert model.Session.scalars(origins).all() != [None]
    now, kept = dt.datetime.now(dt.UTC), reports().kept
    assert reporting.erase(now + dt.timedelta(hours=25)) == 0
    assert model.Session.scalars(origins).all() == [None]
    code = report(city, package, kind="stale")["code"]
    answer(city, "produsen", listed(city, "produsen")["results"][0]["number"])
    assert reporting.erase(now + dt.timedelta(days=kept.ended_days - 1)) == 0
    assert reporting.erase(now + dt.timedelta(days=kept.ended_days + 1)) == 2
    with pytest.raises(tk.ObjectNotFound):
        follow(city, code)
    assert listed(city, "produsen", state="all")["results"][0]["voices"] == 2


def test_a_citizen_reports_and_the_owner_answers_by_pages(city, app) -> None:
    package = city.publish()
    form = f"/jepin/lapor/{package['name']}"
    page = app.get(f"{form}?kind=stale").body
    assert '<option value="stale" selected' in page or 'value="stale" checked' in page
    assert app.post(form, data={"kind": "lain"}).status_code == 422
    sent = app.post(form, data={"kind": "broken", "point": "Pasar", "text": TEXT},
                    follow_redirects=False)  # fmt: skip
    assert sent.status_code == 302
    address = "/jepin/" + sent.headers["Location"].partition("/jepin/")[2]
    mine = app.get(address)
    assert TEXT in mine.body
    assert "no-store" in mine.headers["Cache-Control"]
    assert app.get("/jepin/laporan/0000-0000-0000-00000").status_code == 404
    assert app.get(DESK, follow_redirects=False).status_code == 302
    assert app.get(DESK, headers=city.token("warga")).status_code == 403
    owner, other = city.token("produsen"), city.token("produsen_lain")
    assert "data-report=" not in app.get(DESK, headers=other).body
    number = listed(city, "produsen")["results"][0]["number"]
    assert f'data-report="{number}"' in app.get(DESK, headers=owner).body
    one = f"{DESK}/{number}"
    assert app.get(one, headers=other).status_code == 404
    assert TEXT in app.get(one, headers=owner).body
    said = {"act": "answer", "outcome": "repaired", "answer": ANSWER}
    assert app.post(one, headers=city.token("pengawas"), data=said).status_code == 403
    assert app.post(one, headers=owner, data={**said, "answer": "x"}).status_code == 422
    assert app.post(one, headers=owner, data=said, follow_redirects=False).status_code == 302
    assert ANSWER in app.get(address).body


def test_a_point_is_erased_with_the_last_text_of_it(city) -> None:
    package, kept = city.publish(), reports().kept
    report(city, package, kind="broken", point="Gang Rambutan")
    answer(city, "produsen", listed(city, "produsen")["results"][0]["number"])
    reporting.erase(dt.datetime.now(dt.UTC) + dt.timedelta(days=kept.ended_days + 1))
    assert [r["point"] for r in listed(city, "produsen", state="all")["results"]] == [""]


def test_of_what_is_purged_no_report_is_left_and_the_desk_goes_on(city) -> None:
    gone, stays = city.dataset(), city.publish()
    report(city, gone, "produsen")
    report(city, stays)
    city.act("admin", "dataset_purge", id=gone["id"])
    (row,) = listed(city, "produsen", state="all")["results"]
    assert row["dataset"]["name"] == stays["name"]
    assert len(model.Session.scalars(sa.select(ReportVoice)).all()) == 1


def test_reports_without_a_word_take_no_place_from_texts(city) -> None:
    package = city.publish()
    report(city, package, text="")
    most = reports().limits.texts_of_a_thing
    model.Session.execute(sa.update(Report).values(voices=most))
    model.Session.commit()
    assert report(city, package)["text"] == TEXT


def test_what_waits_for_long_is_told_again_and_comes_before_the_forum(city) -> None:
    package = city.publish()
    report(city, package)
    row = listed(city, "produsen")["results"][0]
    long_ago = days.today() - dt.timedelta(days=30)
    model.Session.execute(sa.update(Report).values(due=long_ago))
    model.Session.commit()
    monday = days.today() + dt.timedelta(days=(7 - days.today().weekday()) % 7)
    assert reporting.remind(monday) > 0
    assert reporting.remind(monday) == 0
    assert reporting.remind(monday + dt.timedelta(days=14)) > 0
    items = city.act("walidata", "satudata_forum_agenda")["results"]
    assert [i["dataset"]["name"] for i in items if i["source"] == "reports"] == [package["name"]]
    assert row["number"]


def test_a_table_and_its_picture_are_reported_by_file_and_a_file_of_others_is_unknown(
    city, app
) -> None:
    package, other, closed = city.publish(), city.publish(), city.seal()
    file = package["resources"][0]["id"]
    report(city, package, kind="wrong")
    code = report(city, package, kind="wrong", resource=file)["code"]
    report(city, package, kind="drawn", resource=file)
    assert follow(city, code)["resource"]["id"] == file
    found = {(r["kind"], r["resource"] and r["resource"]["id"]): r["voices"]
             for r in listed(city, "produsen")["results"]}  # fmt: skip
    assert found == {("wrong", None): 1, ("wrong", file): 1, ("drawn", file): 1}
    query = sa.select(model.Resource.id).where(model.Resource.package_id == closed["id"])
    for wrong in (other["resources"][0]["id"], *model.Session.scalars(query), "tidak-ada", [file]):
        with pytest.raises(tk.ValidationError) as refusal:
            report(city, package, kind="wrong", resource=wrong)
        assert refusal.value.error_dict == {"resource": ["The dataset has no such file."]}
    for asked, field in (({"point": "Pasar"}, "point"), ({"kind": "broken"}, "kind")):
        with pytest.raises(tk.ValidationError) as refusal:
            report(city, package, **{"kind": "wrong", "resource": file, **asked})
        assert set(refusal.value.error_dict) == {field}
    own = f"/jepin/lapor/{package['name']}?kind="
    assert f"{own}wrong" in app.get(f"/dataset/{package['name']}").body
    page = app.get(f"{own}drawn&resource={file}").body
    assert f'name="resource" value="{file}"' in page
    city.act(
        "walidata", "satudata_hold_create", id=package["id"], scope="all", reason="Diperiksa dulu."
    )
    assert follow(city, code)["resource"] is None
