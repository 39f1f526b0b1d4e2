"""Works made of the data: confirmed by mail, accepted by a person, known by the policy."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.access.page_cache import caching
from ckanext.satudata_pontianak.classification.notices import outbox
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.records.report_model import Report
from ckanext.satudata_pontianak.jepin.records.reuse_model import Reuse, ReuseDataset
from ckanext.satudata_pontianak.jepin.reports import reporting
from ckanext.satudata_pontianak.jepin.reuses import proposing
from ckanext.satudata_pontianak.jepin.rules.reuse_rules import reuses
from ckanext.satudata_pontianak.ledger.tables import entry_table

from ..statements import statements

SITI = "siti@contoh.id"
WORK = {
    "title": "Peta genangan",
    "kind": "app",
    "url": "https://peta.contoh.id/genangan?kota=1",
    "text": "Memperlihatkan titik genangan menurut kelurahan.",
}
WHY = "Halaman itu tidak dapat dibuka siapa pun."
DESK = "/satudata/karya"


def propose(city, *packages, who=None, **more):
    given = {**WORK, "datasets": [each["name"] for each in packages], **more}
    if who is None:
        given.setdefault("email", SITI)
    return city.act(who, "satudata_reuse_create", **given)


def confirmed(city, relay, email=SITI):
    relay.deliver()
    outbox.run()
    return city.act(None, "satudata_reuse_confirm", token=relay.token("karya/konfirmasi", email))


def proposed(city, relay, *packages, **more):
    propose(city, *packages, **more)
    return confirmed(city, relay)


def test_who_confirms_twice_is_led_back_by_a_mail(city, relay, app) -> None:
    package = city.publish()
    row = proposed(city, relay, package)
    address = f"/karya/konfirmasi/{relay.token('karya/konfirmasi', SITI)}"
    for page in (app.post(address, status=409).body, app.post(address, status=409).body):
        assert "sudah dikonfirmasi" in page
    made = propose(city, package, who="warga")
    relay.deliver()
    for email, token in ((SITI, row["token"]), (city.users["warga"]["email"], made["token"])):
        back = relay.token("karya/saya", email)
        numbers = [
            city.act(None, "satudata_reuse_show", token=each)["number"] for each in (back, token)
        ]
        assert numbers[0] == numbers[1]
    city.act(None, "satudata_reuse_withdraw", token=row["token"])
    assert "tidak sah" in app.post(address, status=409).body


def step(city, who, row, name, **given):
    return city.act(who, "satudata_reuse_step", reuse=row["number"], step=name, **given)


def accepted(city, relay, *packages, **more):
    return step(city, "walidata", proposed(city, relay, *packages, **more), "accept")


def listed(city, who=None, **given):
    found = city.act(who, "satudata_reuse_list", **given)
    assert found["count"] == len(found["results"])
    return {row["number"]: [d["name"] for d in row["datasets"]] for row in found["results"]}


def hold(city, package):
    given = {"id": package["id"], "scope": "all", "reason": "Diperiksa dulu."}
    return city.act("walidata", "satudata_hold_create", **given)


def refusal(act) -> dict:
    with pytest.raises(tk.ValidationError) as found:
        act()
    return found.value.error_dict


def picture() -> FileStorage:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Rumah Siti"
    Image.new("RGB", (60, 40), "red").save(made, "JPEG", exif=exif)
    return FileStorage(io.BytesIO(made.getvalue()), filename="rumah-siti.jpg")


def test_nothing_is_public_before_a_person_accepted_it_and_nobody_is_named(
    city, relay, app
) -> None:
    package = city.publish()
    before = caching.generation()
    assert propose(city, package, photo=picture(), maker="Komunitas Peta")["token"] is None
    assert caching.generation() == before  # no stranger ends the pages that are kept
    assert listed(city, "walidata", list="waiting") == {}
    row = confirmed(city, relay)
    assert (row["state"], row["due"] > days.today().isoformat()) == ("proposed", True)
    told = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    people = set(model.Session.scalars(told.where(Notice.kind == "reuse_proposed")))
    assert people == {city.users[who]["name"] for who in ("walidata", "walidata_2")}
    one, image = f"/karya/{row['number']}", f"/karya/{row['number']}/gambar.jpg"
    page = f"/dataset/{package['name']}"
    walidata = city.token("walidata")
    assert listed(city) == {}
    assert {app.get(each, status=None).status_code for each in (one, image)} == {404}
    assert WORK["title"] not in app.get(page).body + app.get("/karya").body
    assert app.get(image, headers=walidata).status_code == 200
    judged = f"{DESK}/{row['number']}"
    assert f'data-reuse="{row["number"]}"' in app.get(DESK, headers=walidata).body
    assert WORK["text"] in app.get(judged, headers=walidata).body
    sent = {**WORK, "act": "accept", "title": "Peta titik genangan", "maker": "", "picture": "keep"}
    done = app.post(judged, headers=walidata, data=sent, follow_redirects=False)
    assert done.status_code == 302
    assert caching.generation() not in (None, before)
    assert listed(city) == {row["number"]: [package["name"]]}
    body = app.get(one).body
    assert f'href="{WORK["url"]}" rel="nofollow noopener ugc"' in body
    drawn = app.get(image)
    assert "no-store" in drawn.headers["Cache-Control"]
    assert b"Siti" not in drawn.get_data()
    assert Image.open(io.BytesIO(drawn.get_data())).size == (60, 40)
    assert "Peta titik genangan" in app.get(page).body
    relay.deliver()
    outbox.run()
    (mail,) = [m for m in relay.mails if m[0] == SITI and "was answered" in m[2]]
    assert WORK["title"] not in mail[1] + mail[2]
    mine = city.act(None, "satudata_reuse_show", token=relay.token("karya/saya", SITI))
    assert (mine["number"], mine["state"]) == (row["number"], "public")
    desk = city.act("walidata", "satudata_reuse_show", reuse=row["number"])
    entries = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("jepin.reuse"))
    everywhere = " ".join([body, str(desk), *model.Session.scalars(entries)])
    assert SITI not in everywhere
    assert WORK["title"] not in " ".join(model.Session.scalars(entries))


def test_who_may_not_know_its_datasets_knows_of_no_work(city, relay, app) -> None:
    first, second = city.publish(), city.publish(title="Titik genangan di kota")
    both = accepted(city, relay, first, second)["number"]
    # Its words name the second: who may not know of that one reads none of it.
    words = {"text": f"Dibuat dari {second['title']} dan data lain."}
    telling = accepted(city, relay, first, second, **words)["number"]
    alone = accepted(city, relay, second)["number"]
    assert set(listed(city, dataset=second["name"])) == {both, telling, alone}
    held = hold(city, second)["holds"][0]["id"]
    assert listed(city) == {both: [first["name"]]}
    assert listed(city, dataset=second["name"]) == listed(city, dataset="tidak-ada") == {}
    unknown = app.get("/karya/999999", status=404).body
    for number in (telling, alone):
        found = app.get(f"/karya/{number}", status=404).body
        assert found.replace(f"/karya/{number}", "/karya/999999") == unknown
    page = app.get(f"/dataset/{first['name']}").body
    assert (f'/karya/{both}"' in page, f'/karya/{telling}"' in page) == (True, False)
    assert second["title"] not in app.get(f"/karya/{both}").body
    city.act(
        "ppid",
        "satudata_hold_release",
        id=second["id"],
        hold=held,
        reason="Sudah diperiksa.",
    )
    assert set(listed(city)) == {both, telling, alone}
    model.Session.execute(
        sa.delete(ReuseDataset).where(ReuseDataset.package_id == second["id"])
    )  # as when it is purged
    model.Session.commit()
    assert listed(city) == {both: [first["name"]]}


def test_it_is_declined_or_taken_off_with_a_reason_and_withdrawn_by_its_link(
    city, relay, app
) -> None:
    package = city.publish()
    row = proposed(city, relay, package)
    assert set(refusal(lambda: step(city, "walidata", row, "decline"))) == {"answer"}
    for who in (None, "warga", "produsen"):
        with pytest.raises(tk.ObjectNotFound):
            step(city, who, row, "accept")
    assert "not yours" in str(refusal(lambda: step(city, "pengawas", row, "accept")))
    assert app.get(DESK, headers=city.token("warga")).status_code == 403
    done = step(city, "walidata", row, "decline", answer=WHY)
    assert (done["state"], done["steps"]) == ("declined", [])
    assert WHY in app.get(f"/karya/saya/{row['token']}").body
    other = accepted(city, relay, package)
    step(city, "walidata", other, "remove", answer=WHY)
    assert listed(city) == {}
    # An account proposes it at once, and withdraws it by the address that it got.
    third = propose(city, package, who="warga", photo=picture())
    address = f"/karya/saya/{third['token']}"
    number = city.act(None, "satudata_reuse_show", token=third["token"])["number"]
    step(city, "walidata", {"number": number}, "accept")
    assert set(listed(city)) == {number}
    assert 'value="withdraw"' in app.get(address).body
    assert app.post(address, data={"act": "withdraw"}).status_code == 200
    assert listed(city) == {}
    assert app.get(address, status=None).status_code == 404
    kept = model.Session.scalars(sa.select(Reuse).where(Reuse.number == number)).one()
    left = (kept.title, kept.text, kept.url, kept.picture, kept.user_id, kept.email)
    assert left == ("", "", "", None, None, None)


def removed(package):
    gone = sa.update(model.Package).where(model.Package.id == package["id"])
    model.Session.execute(gone.values(state="deleted"))
    model.Session.commit()


def naming(package):
    return {"text": f"Dibuat dari {package['title']} dan data lain."}


def test_what_closes_before_the_answer_is_told_to_nobody(city, relay, app) -> None:
    first, second = city.publish(), city.publish(title="Titik genangan di kota")
    third = city.publish(title="Lokasi kolam retensi kota")
    held_back = proposed(city, relay, first, second, **naming(second))
    gone = proposed(city, relay, first, third, **naming(third))
    held = hold(city, second)["holds"][0]["id"]
    removed(third)
    step(city, "walidata", held_back, "accept")
    assert listed(city) == {}
    city.act("ppid", "satudata_hold_release", id=second["id"], hold=held, reason="Sudah diperiksa.")
    assert set(listed(city)) == {held_back["number"]}
    # Nobody may know of the third any more: the desk gets the number and the day alone.
    shown = city.act("walidata", "satudata_reuse_show", reuse=gone["number"])
    assert (shown["withheld"], shown["steps"], shown["text"]) == (True, ["decline"], "")
    desk = app.get(DESK, headers=city.token("walidata")).body
    page = app.get(f"{DESK}/{gone['number']}", headers=city.token("walidata")).body
    assert f'data-reuse="{gone["number"]}"' in desk
    assert not any(word in desk + page for word in (third["title"], WORK["url"]))
    assert "" in refusal(lambda: step(city, "walidata", gone, "accept"))
    # Nor do words that who accepts writes tell what only they may know.
    closed = city.seal()
    assert city.act("walidata", "package_show", id=closed["id"])["title"]
    other = proposed(city, relay, first)
    text = f"Dibuat dari {closed['name']} dan data lain."
    assert set(refusal(lambda: step(city, "walidata", other, "accept", text=text))) == {"text"}
    officer = {"who": "walidata", "text": text}
    assert set(refusal(lambda: propose(city, first, **officer))) == {"text"}


def test_works_whose_datasets_are_gone_are_answered_and_forgotten(city, relay, app) -> None:
    only, named = city.publish(), city.publish(title="Titik genangan di kota")
    waiting = proposed(city, relay, only)
    stays = accepted(city, relay, only, named, **naming(named))
    model.Session.execute(sa.delete(ReuseDataset).where(ReuseDataset.package_id == named["id"]))
    model.Session.commit()  # as when it is purged
    assert listed(city) == listed(city, "walidata") == {}
    assert app.get(f"/karya/{stays['number']}", headers=city.token("walidata"), status=404)
    assert set(listed(city, "walidata", list="withheld")) == {stays["number"]}
    assert listed(city, list="withheld") == listed(city, "warga", list="waiting") == {}
    step(city, "walidata", stays, "remove", answer=WHY)
    assert proposing.end() == 0
    removed(only)
    assert set(listed(city, "walidata", list="waiting")) == {waiting["number"]}
    assert (proposing.end(), proposing.end()) == (1, 0)
    relay.deliver()
    outbox.run()
    number = f"no. {waiting['number']}"
    assert len([m for m in relay.mails if number in m[2]]) == 1
    mine = app.get(f"/karya/saya/{waiting['token']}").body
    assert "tidak ada lagi" in mine
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=reuses().kept.ended_days + 1)
    assert proposing.erase(later) == 2
    assert set(model.Session.scalars(sa.select(Reuse.email))) == {None}


WRONG = [
    ({"title": "abc"}, "title"),
    ({"title": "NIK 6171012501900001"}, "title"),
    ({"text": "x" * 2001}, "text"),
    ({"kind": "tiada"}, "kind"),
    ({"url": "http://contoh.id"}, "url"),
    ({"url": "https://siti:rahasia@contoh.id/"}, "url"),
    ({"url": "https://127.0.0.1/"}, "url"),
    ({"url": "javascript:alert(1)"}, "url"),
    ({"maker": "Dua\nbaris"}, "maker"),
    ({"datasets": []}, "datasets"),
    ({"datasets": ["tidak-ada"]}, "datasets"),
    ({"datasets": {"a": 1}}, "datasets"),
    ({"email": "bukan alamat"}, "email"),
]


def test_it_is_refused_with_the_field_that_is_wrong(city) -> None:
    package = city.publish()
    for given, field in WRONG:
        errors = refusal(lambda given=given: propose(city, package, **given))
        assert set(errors) == {field}, given
    assert model.Session.scalars(sa.select(Reuse)).all() == []


def test_hidden_datasets_are_answered_as_unknown_ones_and_forms_say_what_is_wrong(
    city, app
) -> None:
    closed = city.seal()
    said = {
        str(refusal(lambda name=name: propose(city, {"name": name})))
        for name in (closed["name"], closed["id"], "tidak-ada")
    }
    assert len(said) == 1
    package = city.publish()
    form = app.get(f"/karya/baru?dataset={package['name']}").body
    assert package["name"] in form
    assert "/satudata/privasi" in form or "/privasi" in form
    address = f"https://satudata.contoh/dataset/{package['name']}?x=1"
    sent = {**WORK, "datasets": address, "email": SITI}
    assert app.post("/karya/baru", data={**sent, "url": "x"}).status_code == 422
    nopicture = {**sent, "photo": (io.BytesIO(b"kosong"), "a.jpg")}
    assert app.post("/karya/baru", data=nopicture).status_code == 422
    assert model.Session.scalars(sa.select(Reuse)).all() == []
    assert app.post("/karya/baru", data=sent).status_code == 200
    assert model.Session.scalars(sa.select(Reuse)).one().email == SITI


def test_it_is_limited_told_of_when_late_and_forgotten_in_time(city, relay, app) -> None:
    package = city.publish()
    limits, kept = reuses().limits, reuses().kept

    def send(address: str, email: str) -> int:
        return app.post(
            "/api/3/action/satudata_reuse_create",
            json={**WORK, "datasets": [package["name"]], "email": email},
            headers={"X-Forwarded-For": address},
            status=None,
        ).status_code

    for _ in range(limits.to_one_mailbox + 1):
        assert send("198.51.100.82", SITI) == 200
    # What led to no mail counts as well: nobody reads off what a mailbox got before.
    for number in range(limits.of_one_address - 1):
        assert send("198.51.100.81", SITI if number < 3 else f"a{number}@contoh.id") == 200
    # So does a picture that is none; and of who is over the limit none is drawn.
    for said in ("photo", ""):
        sent = {**WORK, "datasets": package["name"], "email": "z@contoh.id", "photo": "kosong"}
        there = {"X-Forwarded-For": "198.51.100.81"}
        address = "/api/3/action/satudata_reuse_create"
        got = app.post(address, json=sent, headers=there, status=409).json["error"]
        assert {*got} - {"__type"} == {said}
    assert send("198.51.100.81", "z@contoh.id") == 409
    # Nor does withdrawing undo what an account asked.
    for _ in range(limits.of_one_person):
        made = propose(city, package, who="warga")
        city.act(None, "satudata_reuse_withdraw", token=made["token"])
    assert set(refusal(lambda: propose(city, package, who="warga"))) == {""}
    mine = sa.select(sa.func.count()).select_from(Reuse).where(Reuse.email == SITI)
    assert model.Session.scalar(mine) == limits.to_one_mailbox
    row = confirmed(city, relay)
    now = dt.datetime.now(dt.UTC)
    proposing.erase(now + dt.timedelta(hours=kept.confirm_hours + 1))
    assert model.Session.scalar(mine) == 1
    assert proposing.remind() == 0
    yesterday = days.today() - dt.timedelta(days=1)
    model.Session.execute(sa.update(Reuse).where(Reuse.due.is_not(None)).values(due=yesterday))
    model.Session.commit()
    assert proposing.remind() > 0
    assert proposing.remind() == 0
    step(city, "walidata", row, "decline", answer=WHY)
    assert proposing.erase(now + dt.timedelta(days=kept.ended_days - 1)) == 0
    assert proposing.erase(now + dt.timedelta(days=kept.ended_days + 1)) == 1
    refusal(lambda: city.act(None, "satudata_reuse_show", token=row["token"]))


def test_an_account_finds_its_own_works_and_nobody_elses(city, relay, app) -> None:
    package = city.publish()
    token = propose(city, package, who="warga")["token"]
    propose(city, package, who="warga", title="Grafik genangan")
    propose(city, package, who="produsen", title="Bahan ajar genangan")
    proposed(city, relay, package, title="Artikel genangan")
    found = city.act("warga", "satudata_reuse_list", list="mine")
    assert [row["title"] for row in found["results"]] == ["Grafik genangan", WORK["title"]]
    shown = city.act(None, "satudata_reuse_show", token=token)
    assert shown["number"] == found["results"][1]["number"]
    step(city, "walidata", found["results"][1], "decline", answer=WHY)
    body = app.get("/karya/saya", headers=city.token("warga")).body
    assert f'data-reuse="{shown["number"]}"' in body
    assert 'href="/karya/saya/' in body
    assert "ajar" not in body
    again = city.act("warga", "satudata_reuse_list", list="mine", limit=1, offset=1)
    assert (again["count"], again["results"][0]["answer"]) == (2, WHY)
    city.act(None, "satudata_reuse_withdraw", token=token)
    assert city.act("warga", "satudata_reuse_list", list="mine")["count"] == 1
    for who in (None, "walidata"):
        assert city.act(who, "satudata_reuse_list", list="mine") == {"count": 0, "results": []}
    assert app.get("/karya/saya", follow_redirects=False).status_code == 302


def test_a_page_of_the_list_reads_the_words_of_its_own_works_alone(city, relay) -> None:
    package = city.publish()
    numbers = [
        accepted(city, relay, package, title=f"Peta genangan {year}")["number"]
        for year in (2023, 2024, 2025)
    ]
    model.Session.remove()
    with statements() as ran:
        found = city.act(None, "satudata_reuse_list", limit=1, offset=1)
    assert (found["count"], [row["number"] for row in found["results"]]) == (3, numbers[1:2])
    words = [one for one in ran if "satudata_reuse.title" in one]
    assert len(words) == 1
    assert sum("d.tingkat_keamanan" in one for one in ran) == 1
    with statements() as ran:
        assert city.act(None, "satudata_reuse_list", limit=0)["count"] == 3
    assert not any("satudata_reuse.title" in one for one in ran)


def test_a_work_is_reported_without_a_name_answered_and_ends_with_the_list(
    city, relay, app
) -> None:
    package = city.publish()
    row = accepted(city, relay, package)
    number = row["number"]
    assert f'href="/karya/{number}/lapor"' in app.get(f"/karya/{number}").body
    form = f"/karya/{number}/lapor"
    sent = {"kind": "unfit", "text": "Halamannya kini berisi iklan."}
    assert app.post(form, data={**sent, "kind": "broken"}).status_code == 422
    done = app.post(form, data=sent, follow_redirects=False)
    code = done.headers["Location"].rpartition("/")[2]
    followed = city.act(None, "satudata_jepin_report_show", code=code)
    assert (followed["work"], followed["dataset"], followed["text"]) == (number, None, sent["text"])
    again = city.act(None, "satudata_reuse_report", reuse=number, kind="unfit")
    told = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    people = set(model.Session.scalars(told.where(Notice.kind == "jepin_report")))
    assert people == {city.users[who]["name"] for who in ("walidata", "walidata_2")}
    assert city.act("produsen", "satudata_jepin_report_list")["count"] == 0
    seen = [city.act(who, "satudata_jepin_report_list") for who in ("walidata", "pengawas")]
    assert [found["results"][0]["answers"] for found in seen] == [True, False]
    (one,) = seen[0]["results"]
    assert (one["work"], one["voices"]) == (number, 2)
    assert (
        f"Karya no. {number}"
        in app.get("/satudata/jepin/laporan", headers=city.token("walidata")).body
    )
    page = f"/satudata/jepin/laporan/{one['number']}"
    assert f"{DESK}/{number}" in app.get(page, headers=city.token("walidata")).body
    known = {"report": one["number"], "outcome": "known", "answer": WHY}
    city.act("walidata", "satudata_jepin_report_answer", **known)
    with pytest.raises(tk.ObjectNotFound):
        city.act("produsen", "satudata_jepin_report_show", report=one["number"])
    yesterday = days.today() - dt.timedelta(days=1)
    model.Session.execute(sa.update(Report).values(due=yesterday))
    model.Session.commit()
    assert reporting.remind() == len(people)
    step(city, "walidata", row, "remove", answer=WHY)
    for each in (code, again["code"]):
        ended = city.act(None, "satudata_jepin_report_show", code=each)
        assert (ended["state"], ended["outcome"]) == ("ended", "repaired")
        assert "tidak ada lagi di daftar" in app.get(f"/jepin/laporan/{each}").body
    assert app.get(page, headers=city.token("walidata")).status_code == 200
    events = sa.select(entry_table.c.event).order_by(entry_table.c.id.desc())
    events = events.where(entry_table.c.event.like("jepin.reuse_report%")).limit(4)
    answered, reported = "jepin.reuse_report_answer", "jepin.reuse_report"
    assert [*model.Session.scalars(events)] == [answered, answered, reported, reported]


def test_a_work_that_somebody_may_not_know_is_reported_as_an_unknown_one(city, relay, app) -> None:
    package = city.publish()
    waiting = proposed(city, relay, package)["number"]
    public = accepted(city, relay, package)["number"]
    hold(city, package)
    said = set()
    for number in (waiting, public, 999999):
        with pytest.raises(tk.ObjectNotFound) as found:
            city.act(None, "satudata_reuse_report", reuse=number, kind="stale")
        said.add(str(found.value))
        body = app.get(f"/karya/{number}/lapor", status=404).body
        said.add(body.replace(f"/karya/{number}/", "/karya/999999/"))
    assert len(said) == 2
    with pytest.raises(tk.ObjectNotFound):
        city.act("walidata", "satudata_reuse_report", reuse=waiting, kind="stale")
