"""A mail relay, a city with limited data, and the hands that ask and answer."""

from __future__ import annotations

import datetime as dt
import email
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from rq import SimpleWorker

import ckan.plugins.toolkit as tk
from ckan.lib import jobs

from ckanext.satudata_pontianak import days

PURPOSE = "Penelitian tentang ketersediaan obat di kota"
REASON = "Tujuan sesuai dengan ketentuan"


class Relay:
    """A mail server on this machine that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, str]] = []
        self.refused: set[str] = set()
        self.last: Message = Message()
        """The mail that came last, with its headers."""

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        found = email.message_from_bytes(envelope.content, policy=policy.default)
        self.last = found
        body = found.get_body().get_content()
        self.mails += [(to, str(found["Subject"]), body) for to in envelope.rcpt_tos]
        return "250 OK"

    def deliver(self) -> list[tuple[str, str, str]]:
        """Let a worker send what is queued; return what came."""
        self.mails.clear()
        queues = [jobs.get_queue(name) for name in ("priority", "default")]
        SimpleWorker(queues, connection=queues[0].connection).work(burst=True)
        return list(self.mails)

    def token(self, page: str, to: str | None = None) -> str:
        """Return the token of the last link to a page."""
        bodies = [body for address, _, body in self.mails if to in (None, address)]
        return re.findall(rf"/{page}/([\w.\-]+)", "\n".join(bodies))[-1]


class FreePort(Controller):
    """A server on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """A real SMTP server on a free port, and the site set to use it."""
    for name in ("priority", "default"):
        jobs.get_queue(name).empty()
    handler = Relay()
    controller = FreePort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    monkeypatch.setitem(tk.config, "smtp.server", f"127.0.0.1:{controller.port}")
    yield handler
    controller.stop()


def in_days(ahead: int) -> str:
    """Return a day from today as ISO text."""
    return (days.today() + dt.timedelta(days=ahead)).isoformat()


class Window:
    """Asks and answers as somebody of the city."""

    def __init__(self, city: Any, app: Any) -> None:
        self.city, self.app = city, app

    def ask(self, who: str | None, dataset: dict[str, Any], **values: Any) -> dict[str, Any]:
        asked = {"purpose": PURPOSE, "until": in_days(30), **values}
        return self.city.act(who, "satudata_access_request_create", id=dataset["id"], **asked)

    def decide(
        self, who: str, request: dict[str, Any], grant: bool = True, **fields: Any
    ) -> dict[str, Any]:
        fields = {"reason": REASON, **fields}
        return self.city.act(
            who, "satudata_access_request_decide", request=request["id"], grant=grant, **fields
        )

    def step(self, who: str | None, request: dict[str, Any], name: str, **fields: Any) -> Any:
        given = {"reason": REASON, **fields}
        if "token" not in fields:
            given["request"] = request["id"]
        return self.city.act(who, f"satudata_access_request_{name}", **given)

    def show(self, who: str | None, request: dict[str, Any]) -> dict[str, Any]:
        return self.city.act(who, "satudata_access_request_show", request=request["id"])

    def status(self, who: str | None, dataset: dict[str, Any], number: int = 0) -> int:
        resource = dataset["resources"][number]["id"]
        path = f"/dataset/{dataset['id']}/resource/{resource}/download"
        return self.app.get(path, headers=self.city.token(who), status=None).status_code


@pytest.fixture
def window(city: Any, app: Any) -> Window:
    """Return the window at which data are asked for."""
    return Window(city, app)
