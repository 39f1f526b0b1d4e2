"""Told of what is new: by mailbox and account, by the policy of the moment, and out of it again."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from lxml import etree

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.access.following import digests, follows, news
from ckanext.satudata_pontianak.access.following.model import Follow, Follower
from ckanext.satudata_pontianak.access.following.rules import Feed, following
from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.notices import outbox
from ckanext.satudata_pontianak.classification.records.mail_model import Mail
from ckanext.satudata_pontianak.classification.records.model import Case, Decision, Hold, now
from ckanext.satudata_pontianak.classification.requests import links
from ckanext.satudata_pontianak.classification.requests.asking_model import Asking
from ckanext.satudata_pontianak.classification.rules.refusals import Refused
from ckanext.satudata_pontianak.portal.offices import news_feeds

EMAIL = "siti@contoh.id"
DAY = dt.timedelta(hours=25)
OUTSIDE = {"REMOTE_ADDR": "127.0.0.1"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def ask(city: Any, kind: str, target: str, who: str | None = None, **more: Any) -> Any:
    given = {"email": EMAIL} if who is None else {}
    return city.act(who, "satudata_follow_create", kind=kind, target=target, **{**given, **more})


def confirmed(city: Any, app: Any, relay: Any, kind: str, target: str) -> None:
    assert ask(city, kind, target)["state"] == "unconfirmed"
    relay.deliver()
    page = f"/ikuti/konfirmasi/{relay.token('konfirmasi', EMAIL)}"
    assert "<form" in app.get(page).body
    assert app.post(page).status_code == 200


def earlier(moment: dt.timedelta) -> None:
    """Let everybody have begun to follow, and have been told, some time before now."""
    model.Session.execute(sa.update(Follower).values(told_until=now() - moment))
    model.Session.execute(
        sa.update(Follow)
        .where(Follow.confirmed_at.is_not(None))
        .values(confirmed_at=now() - moment)
    )
    model.Session.commit()


def digest(relay: Any) -> list[tuple[str, str, str]]:
    relay.mails.clear()
    digests.write()
    outbox.run()
    model.Session.expire_all()
    return list(relay.mails)


def test_a_mailbox_is_told_after_it_confirmed_and_forgotten_with_one_click(
    city, app, relay
) -> None:
    dataset = city.publish()
    confirmed(city, app, relay, "dataset", dataset["name"])
    page = f"/ikuti/konfirmasi/{relay.token('konfirmasi', EMAIL)}"
    assert app.post(page, status=409).status_code == 409
    earlier(DAY)
    ((to, subject, body),) = digest(relay)
    assert to == EMAIL
    assert "what you follow" in subject
    assert dataset["title"] in body
    assert digest(relay) == []
    headers = relay.last
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in body
    path = link[link.index("/ikuti/") :]
    assert "<form" in app.get(path).body
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Follower)) == 1
    sent = {"List-Unsubscribe": "One-Click"}
    first = app.post(path, data=sent)
    assert first.status_code == 200
    model.Session.expire_all()
    for table in (Follower, Follow):
        assert model.Session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    assert app.post(path, data=sent).body == first.body
    held = model.Session.execute(sa.select(Mail)).scalars().all()
    assert EMAIL not in str([vars(each) for each in held])


def test_the_policy_is_asked_when_the_mail_leaves(city, app, relay) -> None:
    shown, hidden = city.publish(), city.publish()
    for dataset in (shown, hidden):
        confirmed(city, app, relay, "dataset", dataset["id"])
    earlier(DAY)
    assert digests.write() == 1
    city.act("ppid", "satudata_hold_create", id=hidden["id"], scope="all", reason="Diperiksa dulu")
    relay.mails.clear()
    outbox.run()
    ((_, _, body),) = relay.mails
    assert shown["id"] in body
    assert hidden["id"] not in body
    assert hidden["title"] not in body.replace(shown["title"], "")


def test_unknown_and_hidden_are_answered_alike(city, app, relay) -> None:
    hidden = city.seal()
    told: dict[str, set[str]] = {}
    for named in (hidden["name"], hidden["id"], "tidak-ada"):
        with pytest.raises(tk.ObjectNotFound) as refusal:
            ask(city, "dataset", named)
        told.setdefault("action", set()).add(str(refusal.value))
        for path in ("/ikuti/dataset/{}", "/umpan/dataset/{}.atom", "/umpan/dataset/{}.json"):
            body = app.get(path.format(named), status=404).body
            told.setdefault(path, set()).add(body.replace(named, "x"))
        sent = app.post(f"/ikuti/dataset/{named}", data={"email": EMAIL}, status=404)
        told.setdefault("sent", set()).add(sent.body.replace(named, "x"))
    assert relay.deliver() == []
    assert {door: len(answers) for door, answers in told.items()} == dict.fromkeys(told, 1)
    for kind, target in (
        ("agency", "tidak-ada"),
        ("topic", "9.99"),
        ("region", "99.99"),
        ("search", "rahasia=1"),
        ("search", "q="),
    ):
        with pytest.raises(tk.ObjectNotFound):
            ask(city, kind, target)
    with pytest.raises(tk.ValidationError) as refusal:
        ask(city, "orang", "siti")
    assert set(refusal.value.error_dict) == {"kind"}
    with pytest.raises(tk.ValidationError) as refusal:
        ask(city, "search", "q=air", email="bukan alamat")
    assert set(refusal.value.error_dict) == {"email"}


def test_five_kinds_are_one_digest_and_one_list_of_an_account(city, relay) -> None:
    dataset = city.publish()
    agency = dataset["organization"]["name"]
    kinds = {
        "dataset": dataset["name"],
        "agency": agency,
        "topic": dataset["urusan"],
        "region": dataset["cakupan"],
        "search": f"organization={agency}",
    }
    for kind, target in kinds.items():
        assert ask(city, kind, target, "warga")["state"] == "following"
        assert ask(city, kind, target, "warga")["state"] == "following"
    listed = city.act("warga", "satudata_follow_list")
    assert {row["kind"]: row["target"] for row in listed["results"]} == kinds
    for kind, target in kinds.items():
        found = city.act(None, "satudata_news_list", kind=kind, target=target)
        assert dataset["id"] in {row["dataset"]["id"] for row in found["results"]}, kind
    earlier(DAY)
    ((_, _, body),) = digest(relay)
    assert body.count(dataset["title"]) == 1
    first = listed["results"][0]["id"]
    assert city.act("walidata", "satudata_follow_delete", id=first)["ended"] == 0
    assert city.act("warga", "satudata_follow_delete", id=first)["ended"] == 1
    assert city.act("warga", "satudata_follow_delete")["ended"] == 4
    assert city.act("warga", "satudata_follow_list")["count"] == 0


def test_what_is_asked_in_vain_is_erased_and_bounded(city, relay) -> None:
    dataset = city.publish()
    agency = dataset["organization"]["name"]
    ask(city, "dataset", dataset["name"])
    for _ in range(following().limits.to_one_mailbox + 2):
        ask(city, "agency", agency)
    assert len(relay.deliver()) == following().limits.to_one_mailbox
    assert digests.write(now() + DAY) == 0
    assert follows.erase(now() + dt.timedelta(hours=47)) == 0
    assert follows.erase(now() + dt.timedelta(hours=49)) == 1
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Follower)) == 0


def test_feeds_are_paged_newest_first_and_found_from_every_page(city, app, monkeypatch) -> None:
    first, second = city.publish(), city.publish()
    query = sa.update(Decision).where(Decision.package_id == first["id"])
    model.Session.execute(query.values(decided_at=now() - DAY))
    model.Session.commit()
    name = first["organization"]["name"]
    feed = etree.fromstring(app.get(f"/umpan/instansi/{name}.atom").data)
    links = [entry.find("a:link", ATOM).get("href") for entry in feed.findall("a:entry", ATOM)]
    assert [link.rsplit("/", 1)[-1] for link in links] == [second["name"], first["name"]]
    rels = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert rels["self"] == rels["first"] == rels["last"]
    told = app.get(f"/umpan/instansi/{name}.json")
    assert told.headers["Content-Type"].startswith("application/feed+json")
    assert [item["url"] for item in told.json["items"]] == links
    few = msgspec.structs.replace(following(), feed=Feed(entries=1))
    monkeypatch.setattr(news_feeds, "following", lambda: few)
    feed = etree.fromstring(app.get(f"/umpan/instansi/{name}.atom").data)
    (older,) = (each for each in feed.findall("a:link", ATOM) if each.get("rel") == "next")
    assert len(feed.findall("a:entry", ATOM)) == 1
    path = older.get("href").partition("/umpan")[2]
    last = etree.fromstring(app.get(f"/umpan{path}").data)
    assert first["name"] in last.find("a:entry/a:link", ATOM).get("href")
    assert {each.get("rel") for each in last.findall("a:link", ATOM)} >= {"previous", "self"}
    assert "next" not in {each.get("rel") for each in last.findall("a:link", ATOM)}
    assert app.get(f"/umpan/instansi/{name}.json").json["next_url"].endswith(".json?page=2")
    for path, wanted in (
        ("/", "/umpan.atom"),
        (f"/dataset/{first['name']}", f"/umpan/dataset/{first['name']}.atom"),
        (f"/organization/{name}", f"/umpan/instansi/{name}.json"),
        ("/topik/2.12", "/umpan/topik/2.12.atom"),
        ("/dataset/?q=air", "/umpan/pencarian/q=air.atom"),
    ):
        assert f'href="{wanted}"' in app.get(path).body, path


def test_every_page_that_may_be_followed_leads_to_where_it_is(city, app) -> None:
    dataset = city.publish()
    agency = city.act(None, "package_show", id=dataset["id"])["organization"]["name"]
    pages = {
        f"/dataset/{dataset['name']}": f"/ikuti/dataset/{dataset['name']}",
        f"/organization/{agency}": f"/ikuti/instansi/{agency}",
        "/topik/1.02": "/ikuti/topik/1.02",
        "/wilayah/61.71.03": "/ikuti/wilayah/61.71.03",
        "/dataset/?q=banjir": "/ikuti/pencarian/q=banjir",
    }
    for page, form in pages.items():
        for who in (None, "warga"):
            headers = city.token(who) if who else {}
            body = app.get(page, headers=headers).body
            links = [a for a in etree.HTML(body).iter("a") if "/ikuti/" in a.get("href", "")]
            assert [a.get("href") for a in links] == [form], (page, who)
            assert app.get(links[0].get("href"), headers=headers).status_code == 200


def test_so_many_that_are_new_at_once_are_all_looked_for(city) -> None:
    dataset = city.publish()
    many = {str(uuid.uuid4()) for _ in range(120)} | {dataset["id"]}
    agency = dataset["organization"]["id"]
    assert news.matching(Actor(None, None), "agency", agency, many) == [dataset["id"]]


def test_an_account_of_two_lines_and_a_title_of_signs_end_nothing(city, app, relay) -> None:
    dataset = city.publish(title="Genangan\x0bdi kota")
    city.act("admin", "user_patch", id=city.users["warga"]["id"], fullname="Budi\nSantoso")
    ask(city, "dataset", dataset["name"], "warga")
    confirmed(city, app, relay, "dataset", dataset["name"])
    earlier(DAY)
    assert len(digest(relay)) == 2
    feed = etree.fromstring(app.get(f"/umpan/dataset/{dataset['name']}.atom").data)
    assert "Genangan di kota" in feed.findtext("a:entry/a:title", namespaces=ATOM)


def test_what_happened_under_a_hold_is_not_told_after_it(city, relay) -> None:
    dataset = city.publish()
    hold = city.act(
        "ppid", "satudata_hold_create", id=dataset["id"], scope="all", reason="Diperiksa dulu"
    )
    (decision,) = model.Session.scalars(sa.select(Decision))
    decision.decided_at = now()
    model.Session.commit()
    model.Session.execute(sa.update(Hold).values(released_at=now()))
    model.Session.commit()
    told = city.act(None, "satudata_news_list", kind="dataset", target=dataset["name"])
    assert hold
    assert told["results"] == []


def test_an_address_asks_so_often_whatever_it_asks_for_and_one_after_another(
    city, app, relay
) -> None:
    name, most = city.publish()["name"], following().limits.of_one_address
    there = {"X-Forwarded-For": "198.51.100.95"}

    def send(email: str) -> int:
        given = {"kind": "dataset", "target": name, "email": email}
        address = "/api/3/action/satudata_follow_create"
        return app.post(address, json=given, headers=there, status=None).status_code

    # The same row, and a mailbox that gets no more mail: each asking counts.
    assert [send(EMAIL) for _ in range(most)] == [200] * most
    assert send("lain@contoh.id") == 409
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Asking)) == most
    with app.flask_app.test_request_context("/", headers=there, environ_base=OUTSIDE):
        with pytest.raises(Refused):
            follows._check_address()
        key = sa.func.hashtextextended(f"satudata-asking follow {links.origin()}", 0)
        with model.meta.engine.connect() as other:
            assert not other.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(key)))
        model.Session.rollback()
    follows.erase(now() + DAY)
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Asking)) == 0


def test_a_mailbox_ends_one_thing_and_is_forgotten_with_the_last(city, app, relay) -> None:
    open_, closing = city.publish(), city.publish()
    for dataset in (open_, closing):
        confirmed(city, app, relay, "dataset", dataset["name"])
    earlier(DAY)
    digest(relay)
    link = relay.last["List-Unsubscribe"].strip("<>")
    page = link[link.index("/ikuti/") :]
    city.act("ppid", "satudata_hold_create", id=closing["id"], scope="all", reason="Diperiksa dulu")
    body = app.get(page).body
    for said in (open_["title"], closing["title"], "tidak boleh Anda lihat", "data-follow"):
        assert said not in body
    most, token = following().limits.to_one_mailbox, ""
    for asked in range(most + 1):
        assert "Tautan" in app.post(page, data={"act": follows.CHOOSE}).body
        sent = relay.deliver()
        assert len(sent) == int(asked < most)
        assert all(open_["title"] not in body for *_, body in sent)
        token = relay.token("daftar", EMAIL) if sent else token
    # A link is for one purpose: what others were handed opens nothing more.
    assert app.get(f"/ikuti/daftar/{page.rpartition('/')[2]}", status=404).status_code == 404
    page = f"/ikuti/daftar/{token}"
    body = app.get(page).body
    ids = re.findall(r'data-follow="([^"]+)"', body)
    assert len(ids) == 2
    assert open_["title"] in body
    assert body.count("Data yang tidak boleh Anda lihat") > 0
    app.post(page, data={"id": "tidak-ada"})
    app.post(page, data={"id": ids[0]})
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Follow)) == 1
    assert app.get(page).body.count('data-follow="') == 1
    assert app.post(page, data={"id": ids[1]}).status_code == 200
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Follower)) == 0
    assert app.get(page, status=404).status_code == 404


def test_what_was_removed_is_told_as_closed_to_who_knew_of_it(city, app, relay) -> None:
    gone, hidden = city.publish(), city.publish()
    for dataset in (gone, hidden):
        confirmed(city, app, relay, "dataset", dataset["name"])
    earlier(dt.timedelta(hours=49))
    digest(relay)
    for table, column in ((Decision, "decided_at"), (Follow, "confirmed_at")):
        model.Session.execute(sa.update(table).values({column: now() - 2 * DAY}))
    model.Session.execute(sa.update(Follower).values(told_until=now() - DAY))
    model.Session.commit()
    city.act("ppid", "satudata_hold_create", id=hidden["id"], scope="all", reason="Diperiksa dulu")
    for dataset in (gone, hidden):
        why = {"case_kind": "remove", "reason": "Tidak berlaku lagi", "removes": "dataset"}
        city.step("produsen", dataset, "reopen", **why)
        city.step("produsen", dataset, "submit")
        city.step("walidata", dataset, "approve")
    assert follows.erase() == 0  # what was removed is still to be told
    ((_, _, body),) = digest(relay)
    # Its title may be why it went, and no mail can be taken back.
    assert body.count("Closed, ") == body.count("A dataset that was removed (") == 1
    assert (gone["title"] in body, gone["id"] in body) == (False, False)
    assert app.get(f"/umpan/dataset/{gone['name']}.atom", status=404)
    # Brought back undecided and removed again, it is told to nobody who had known of it before.
    end = now() + DAY
    (first,) = [each for each in news.removed(now() - DAY, end) if each.package_id == gone["id"]]
    assert first.decision is not None
    case = model.Session.get(Case, first.id.split(".")[0])
    case.ended_at = now() - DAY
    model.Session.execute(sa.update(Decision).values(decided_at=now() - 2 * DAY))
    again = {"kind": "remove", "state": case.state, "reason": "Uji", "changes": {}}
    model.Session.add(Case(package_id=gone["id"], ended_at=now(), **again))
    model.Session.commit()
    (second,) = [
        each for each in news.removed(now() - DAY / 2, end) if each.package_id == gone["id"]
    ]
    assert second.decision is None
    assert news.told(digests.NOBODY, [second]) == []
    # Nothing is left to tell of them: nor is the mailbox kept.
    model.Session.execute(sa.update(Follower).values(told_until=now() + DAY))
    model.Session.commit()
    assert follows.erase() == 1
    assert model.Session.scalars(sa.select(Follower.email)).all() == []


def test_following_and_feeds_of_ckan_lead_to_ours(city, app) -> None:
    dataset, hidden = city.publish(), city.seal()
    agency = dataset["organization"]["name"]
    told = set()
    for name in (dataset["name"], hidden["name"], "tidak-ada"):
        with pytest.raises(tk.ValidationError) as refusal:
            city.act("warga", "follow_dataset", id=name)
        told.add(str(refusal.value.error_dict))
    assert len(told) == 1
    assert "satudata_follow_create" in told.pop()
    for action in ("followee_list", "organization_followee_list", "dataset_followee_count"):
        answer = city.over_http(app, "warga", action, id=city.users["warga"]["name"])
        assert (answer.status_code, "satudata_follow_list" in answer.body) == (409, True)
    feeds = {
        "/feeds/dataset.atom": "/umpan.atom",
        f"/feeds/organization/{agency}.atom": f"/umpan/instansi/{agency}.atom",
        "/feeds/tag/air bersih.atom": "/umpan/pencarian/tags=air+bersih.atom",
        "/feeds/custom.atom?q=banjir": "/umpan/pencarian/q=banjir.atom",
        "/feeds/custom.atom?tags=a&sort=x&page=2": "/umpan/pencarian/tags=a.atom",
        "/feeds/custom.atom?page=2": "/umpan.atom",
    }
    for old, new in feeds.items():
        answer = app.get(old, follow_redirects=False)
        assert answer.status_code == 301, old
        assert answer.headers["Location"].endswith(new), old
        assert app.get(new).status_code == 200
    # No reader keeps the address of more than it was asked for.
    for old in ("/feeds/custom.atom?q=banjir&license_id=x", "/feeds/group/topik.atom"):
        assert app.get(old, follow_redirects=False, status=410)


def test_mail_and_page_name_what_is_followed_as_every_visitor_may_know_it(city, app, relay) -> None:
    dataset = city.publish()
    address = f"/dataset/{dataset['name']}"
    ask(city, "dataset", dataset["name"])
    ask(city, "search", "q=kunjungi+contoh.example")
    relay.deliver()
    named, unnamed = (body for _, _, body in relay.mails)
    assert f"To be followed: {dataset['title']}" in named
    assert "contoh.example" not in unnamed  # a stranger's words are sent to nobody
    link = next(part for part in named.split() if "/ikuti/konfirmasi/" in part)
    page = "/ikuti/konfirmasi/" + link.partition("/ikuti/konfirmasi/")[2]
    city.act("ppid", "satudata_hold_create", id=dataset["id"], scope="all", reason="Diperiksa dulu")
    assert dataset["title"] not in app.get(page).body
    (hold,) = city.act("walidata", "satudata_classification_show", id=dataset["id"])["holds"]
    city.act(
        "ppid_2",
        "satudata_hold_release",
        id=dataset["id"],
        hold=hold["id"],
        reason="Sudah diperiksa",
    )
    assert dataset["title"] in app.get(page).body
    done = app.post(page).body
    assert f"Anda mengikuti: {dataset['title']}" in done
    assert f'href="{address}"' in done
