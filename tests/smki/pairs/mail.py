"""Mail."""

from __future__ import annotations

import socket

import sqlalchemy as sa
from aiosmtpd.controller import Controller

from ckanext.satudata_pontianak.classification.records.mail_model import FAILED, SENT, Mail

from ..site import Pair, Site, ago, as_before


def relay_runs(site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    relay = Controller(object(), hostname="127.0.0.1", port=port)
    relay.start()
    site.kept.callback(relay.stop)
    site.option("smtp.server", f"127.0.0.1:{port}")


def told(site: Site) -> None:
    site.write(sa.update(Mail).values(state=SENT))


def given_up(site: Site) -> None:
    values = {"kind": "request_confirm", "state": FAILED, "tries": 9, "at": ago(days=9)}
    values["tried_at"] = ago(hours=1)
    site.write(sa.insert(Mail).values(**values))


PAIRS = {
    "relay_answers": Pair(relay_runs, as_before),
    "mails_leave": Pair(told, given_up),
}
