"""The duty mailbox of an app is told that something is owed, and not of which app."""

from __future__ import annotations

import datetime as dt

import msgspec

from ckan import model

from ckanext.satudata_pontianak.classification.notices import outbox
from ckanext.satudata_pontianak.jepin.pulse import mailbox

from ...jepin.apps import FIELDS, publish_app
from ...jepin.conftest import DEAD, GOOD, MORNING, Pulse
from .test_every_mail import read


def test_the_mailbox_is_told_once_without_a_word_of_the_app(city, app, relay) -> None:
    made = publish_app(city)
    pulse = Pulse(made["id"])
    pulse.set()
    relay.mails.clear()
    with app.flask_app.test_request_context():
        pulse.look(DEAD)
        mailbox.send()
        assert relay.mails == []
        pulse.look(DEAD, DEAD)
        mailbox.send()
        said = read(relay.mails, made["title"], made["name"], made["id"], "Antrean")
        ((to, _, body),) = relay.mails
        assert to == FIELDS["maintainer_email"]
        (task,) = city.act("produsen", "satudata_agency_task_list")["results"]
        assert f"no. {task['number']}" in said
        assert f"/satudata/kerja-sama/tugas/{task['number']}" in body
        # It was back and fails again: the same task is owed once more, and told of once.
        pulse.look(*[GOOD] * 8, DEAD, DEAD, DEAD)
        mailbox.send()
        assert len(relay.mails) == 2
        assert f"/satudata/kerja-sama/tugas/{task['number']}" in relay.mails[1][2]


def test_the_mailbox_is_told_of_a_certificate_that_ends_twice_without_a_word_of_the_app(
    city, app, relay
) -> None:
    made = publish_app(city)
    pulse = Pulse(made["id"])
    pulse.set()
    relay.mails.clear()
    until = MORNING.date() + dt.timedelta(days=20)
    near = msgspec.structs.replace(GOOD, tls_until=until)
    with app.flask_app.test_request_context():
        pulse.look(near, DEAD, near)
        mailbox.send()
        said = read(relay.mails, made["title"], made["name"], made["id"], "Antrean")
        ((to, _, body),) = relay.mails
        assert to == FIELDS["maintainer_email"]
        assert "20 Desember 2026" in said
        assert body.count("/jepin/denyut\n") == 1
        pulse.at += dt.timedelta(days=15)
        pulse.look(near, near)
        mailbox.send()
        assert len(relay.mails) == 2
        # Where there is a new one meanwhile, no mail leaves; that one ends some day as well.
        later = msgspec.structs.replace(GOOD, tls_until=until + dt.timedelta(days=20))
        pulse.look(later, GOOD)
        mailbox.send()
        assert len(relay.mails) == 2


def test_no_mail_leaves_of_what_is_owed_no_more_or_has_no_mailbox(city, app, relay) -> None:
    first, second = publish_app(city), publish_app(city)
    model.Package.get(second["id"]).maintainer_email = None
    model.Session.commit()
    relay.mails.clear()
    for made in (first, second):
        pulse = Pulse(made["id"])
        pulse.set(web=f"https://{made['name']}.pontianak.go.id/")
    at = pulse.at
    ids = (first["id"], second["id"])
    with app.flask_app.test_request_context():
        for evidence in (DEAD, DEAD, *[GOOD] * 8):
            pulse.once(dict.fromkeys(ids, evidence), at)
            at += dt.timedelta(minutes=5)
        assert outbox.run() == (1, 0)
        assert relay.mails == []
