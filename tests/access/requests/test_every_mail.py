"""Every mail that the portal can send: in Indonesian, with the facts that its kind may carry."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask_babel import force_locale

import ckan
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs

import ckanext.satudata_pontianak
from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.access.following import follows
from ckanext.satudata_pontianak.access.following.model import Follow, Follower
from ckanext.satudata_pontianak.accounts import resets
from ckanext.satudata_pontianak.classification import cli
from ckanext.satudata_pontianak.classification.notices import mails as notice_mails
from ckanext.satudata_pontianak.classification.notices import notices, outbox
from ckanext.satudata_pontianak.classification.notices.definition import MAILS, notice_rules
from ckanext.satudata_pontianak.classification.records.mail_model import SENT, WAITING, Mail
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.records.request_model import AccessRequest
from ckanext.satudata_pontianak.ledger import codes
from ckanext.satudata_pontianak.portal.operator import mail_checks

from ...language.reading import ENGLISH

EMAIL = "siti@contoh.id"
SENDERS = {"mail_recipient", "mail_user", "send_invite", "send_reset_link"}
LINK = re.compile(r"https?://\S+")
WHO_SENDS = {
    # core's own mails: the invitation; and the link to a new password, before which ours stands
    "ckan/lib/mailer.py",
    "ckan/logic/action/create.py",
    "ckan/views/user.py",
    # other plugins', by options that `satudata check` wants off
    "ckanext/activity/email_notifications.py",
    "ckanext/harvest/logic/action/update.py",
    # every mail of ours
    "ckanext/satudata_pontianak/classification/notices/outbox.py",
}


def sends(path: Path) -> bool:
    """Tell whether a module calls what sends mails."""
    text = path.read_text(encoding="utf-8")
    if not any(name in text for name in SENDERS):
        return False
    called = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return any(
        (f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "")) in SENDERS
        for f in called
    )


def test_nobody_else_sends_mails_than_this_test_knows_of(city) -> None:
    core = Path(ckan.__file__).parent
    ours = Path(ckanext.satudata_pontianak.__file__).parent
    plugins = [core.parent / "ckanext" / n for n in ("activity", "harvest", "dcat", "datastore")]
    found = {
        f"{root.parent.name if root != core else ''}/{path.relative_to(root.parent)}".lstrip("/")
        for root in (core, ours, *plugins)
        for path in root.rglob("*.py")
        if "tests" not in path.parts and sends(path)
    }
    assert {re.sub(r"^ckanext/ckanext/", "ckanext/", name) for name in found} == WHO_SENDS
    for option in mail_checks.TALKATIVE:
        assert not tk.asbool(tk.config.get(option))
        assert mail_checks.check_mails({option: "true"})[-1].params["option"] == option


def read(mails: list[tuple[str, str, str]], *unsaid: str) -> str:
    """Hold that mails are Indonesian, and say none of these words; return what they say."""
    assert mails
    for _, subject, body in mails:
        assert "/en/" not in body
        said = LINK.sub("", f"{subject}\n{body}")
        assert not ENGLISH.search(said.replace("[CKAN]", "")), said
        for word in unsaid:
            assert word.lower() not in said.lower()
    return "\n".join(f"{subject}\n{body}" for _, subject, body in mails)


def every_notice(city: Any, relay: Any) -> None:
    """Send somebody a notice of each kind, with all that it may say, and read the mail."""
    model.Session.execute(sa.delete(Notice))
    receipt = codes.shown(codes.new())
    facts = {"number": 7, "due": "2026-11-26", "receipt": receipt}
    kinds = notice_rules().kinds
    for name, kind in kinds.items():
        known = {key: facts[key] for key in kind.facts}
        notices.tell(model.Session, name, [city.users["warga"]["id"]], facts=known)
    model.Session.commit()
    relay.mails.clear()
    notice_mails.run()
    news = read(relay.mails)
    assert news.count("(1)") == len(kinds)
    assert f"tanda terima {receipt}: " in news


def every_mail_of_a_wish(city: Any, relay: Any) -> None:
    """Have somebody ask for data that do not exist yet, and be answered."""
    asked = {
        "title": "Titik genangan",
        "text": "Untuk penelitian tentang genangan.",
        "email": EMAIL,
    }
    city.act(None, "satudata_wish_create", **asked)
    assert "meminta dataset atas nama alamat ini" in read(relay.deliver(), "genangan")
    token = relay.token("minta-data/konfirmasi", EMAIL)
    wish = city.act(None, "satudata_wish_confirm", token=token)["number"]
    said = {"wish": wish, "step": "decline", "answer": "Dataset itu tidak akan dibuat."}
    city.act("walidata", "satudata_wish_step", **said)
    assert f"no. {wish} telah dijawab" in read(relay.deliver(), "genangan", "tidak akan")


def news(city: Any, relay: Any) -> None:
    """Follow something by mailbox, and read the mails of it."""
    followed = city.publish()
    asked = {"kind": "dataset", "target": followed["id"], "email": EMAIL}
    city.act(None, "satudata_follow_create", **asked)
    # Everybody may know of it; once nobody may, the mail says nothing of it (test_following.py).
    assert followed["title"] in read(relay.deliver())
    follows.confirm(relay.token("konfirmasi", EMAIL))
    row = model.Session.query(Follower).one()
    row.told_from -= dt.timedelta(days=1)
    row.told_until = moment = dt.datetime.now(dt.UTC)
    model.Session.query(Follow).one().confirmed_at = moment - dt.timedelta(days=1)
    outbox.put("follow_digest", request_id=row.id)
    model.Session.commit()
    relay.mails.clear()
    outbox.run()
    assert "yang Anda ikuti" in read(relay.mails)
    relay.mails.clear()
    follows.ask_to_choose(model.Session.query(Follower).one())
    assert "daftar" in read(relay.deliver(), followed["title"])


def every_mail_of_a_reuse(city: Any, relay: Any) -> None:
    """Have somebody propose a work, and be declined."""
    work = {"title": "Peta genangan", "text": "Peta titik genangan per kelurahan.", "kind": "chart"}
    package = city.publish()
    made = {**work, "url": "https://contoh.id/peta", "datasets": [package["name"]], "email": EMAIL}
    city.act(None, "satudata_reuse_create", **made)
    unsaid = (package["name"], package["title"], "genangan", "contoh.id/peta")
    assert "mengusulkan karya" in read(relay.deliver(), *unsaid)
    token = relay.token("karya/konfirmasi", EMAIL)
    number = city.act(None, "satudata_reuse_confirm", token=token)["number"]
    assert f"no. {number} sudah diterima Walidata" in read(relay.deliver(), *unsaid)
    said = {"reuse": number, "step": "decline", "answer": "Halaman itu tidak dapat dibuka."}
    city.act("walidata", "satudata_reuse_step", **said)
    assert f"no. {number} telah dijawab" in read(relay.deliver(), *unsaid, "dibuka")


def test_every_mail_is_in_indonesian_and_says_no_more_than_its_facts(
    city, window, relay, app
) -> None:
    """Also where whoever has it sent reads English, as a worker without a page does."""
    with app.flask_app.test_request_context(), force_locale("en"):
        assert tk._("Your access has ended") == "Your access has ended"
        dataset = city.limit()
        unsaid = (dataset["title"], dataset["name"], "Penelitian", "Tujuan sesuai", EMAIL)
        window.ask(None, dataset, email=EMAIL)
        assert "Konfirmasi" in read(relay.deliver(), *unsaid)
        asked = {"token": relay.token("konfirmasi", EMAIL)}
        request = city.act(None, "satudata_access_request_confirm", **asked)
        assert "ada di meja Anda" in read(relay.deliver(), *unsaid)
        window.step("ppid", request, "extend")
        prolonged = read(relay.deliver(), *unsaid)
        row = model.Session.query(AccessRequest).one()
        assert "diperpanjang" in prolonged
        assert "telah dijawab" not in prolonged
        assert tk.h.satudata_day(row.due.isoformat()).split()[0] in prolonged
        # Silence, by the clock.
        row.due = days.today() - dt.timedelta(days=1)
        model.Session.commit()
        CliRunner().invoke(cli.clock, catch_exceptions=False)
        silent = read([*relay.mails, *relay.deliver()], *unsaid)
        assert "tidak dijawab dalam tenggat" in silent
        window.decide("ppid", request)
        answered = read(relay.deliver(), *unsaid)
        assert "Untuk menggunakan izin akses" in answered
        # Whoever has the mail checks what was recorded, also without an account.
        receipt = re.findall(r"Tanda terima: (\S+)", answered)[-1]
        told = city.act(None, "satudata_receipt_show", code=receipt)
        assert [r["event"] for r in told["records"]] == ["access_request.grant"]
        grant = city.act("ppid", "satudata_access_grant_list")["results"][0]
        city.act("ppid", "satudata_access_grant_revoke", grant=grant["id"], reason="Sudah selesai")
        assert "telah berakhir" in read(relay.deliver(), *unsaid)
        outbox.put("request_settled", request_id=request["id"])
        model.Session.commit()
        outbox.run()
        assert "tidak ada lagi yang dapat diberikan" in read(relay.mails[-1:], *unsaid)
        resets.send(city.users["warga"]["id"])
        assert "Kata sandi baru" in read(relay.mails[-1:])
        every_mail_of_a_wish(city, relay)
        every_mail_of_a_reuse(city, relay)
        news(city, relay)
        relay.mails.clear()
        until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
        why = {"reason": "Undangan untuk pegawai baru", "until": until}
        city.act("admin", "satudata_break_glass_start", **why)
        city.act(
            "admin",
            "user_invite",
            email="baru@contoh.id",
            group_id=city.orgs["dinkes"]["id"],
            role="member",
            nomor_sk="SK/1/2026",
        )
        assert "diundang" in read(relay.mails)
        every_notice(city, relay)
    sent = set(model.Session.scalars(sa.select(Mail.kind).where(Mail.state == SENT)))
    # The one stands in the mail of the answer, the others are tried in test_duty_mailbox.py.
    assert sent == set(MAILS) - {"request_claim", "app_down", "app_certificate"}


def test_what_the_relay_did_not_take_is_tried_again_by_the_clock_and_sent_once(
    city, window, relay
) -> None:
    window.ask(None, city.limit(), email=EMAIL)
    jobs.get_queue("priority").empty()  # as if there had been no queue
    relay.refused.add(EMAIL)
    assert outbox.run() == (0, 1)
    mail = model.Session.query(Mail).one()
    assert (mail.state, mail.tries) == (WAITING, 1)
    relay.refused.clear()
    assert outbox.run() == (1, 0)
    assert outbox.run() == (0, 0)
    assert [to for to, _, _ in relay.mails] == [EMAIL]
    # What cannot be sent for days is given up, and the operator is told.
    outbox.put("request_confirm", request_id=model.Session.query(AccessRequest).one().id)
    model.Session.flush()
    last = model.Session.query(Mail).order_by(Mail.id.desc()).first()
    last.at -= dt.timedelta(days=notice_rules().tried_days + 1)
    model.Session.commit()
    relay.refused.add(EMAIL)
    assert outbox.run() == (0, 1)
    assert outbox.count().failed == 1
    (told,) = mail_checks.check_mails()
    assert told.problem == mail_checks.GIVEN_UP


@pytest.mark.ckan_config("smtp.server", "")
def test_nobody_is_invited_by_a_site_that_sends_no_mail(city) -> None:
    asked: dict[str, Any] = {"group_id": city.orgs["dinkes"]["id"], "role": "member"}
    with pytest.raises(tk.ValidationError) as refused:
        city.act("admin", "user_invite", email="lain@contoh.id", nomor_sk="SK/1/2026", **asked)
    assert list(refused.value.error_dict) == ["email"]
    assert model.User.by_email("lain@contoh.id") in (None, [])
    assert mail_checks.check_mails()[0].problem == mail_checks.NO_SERVER
