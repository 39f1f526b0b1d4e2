"""Made-up apps of the city on this machine: real names, addresses, certificates and faults."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ipaddress
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import trustme

RANGE = "127.70.0.0/16"
FORBIDDEN = "127.99.0.1"
"""Of this machine and outside the range: whoever asks it has gone where nobody may go."""
ELSEWHERE = "8.8.8.8"
OUTSIDE = "tempat-lain.example"
Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]
GOOD = b"<html><title>Layanan</title><p>Selamat datang di layanan Kota Pontianak.</p></html>"


class Names:
    """A name server: A records, which may be others the next time."""

    def __init__(self) -> None:
        self.known: dict[str, list[list[str]]] = {}
        self.broken: set[str] = set()
        self.silent: set[str] = set()
        self.asked: defaultdict[str, int] = defaultdict(int)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                wire, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(wire)
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            question = query.question[0]
            name = question.name.to_text(omit_final_dot=True)
            turns = self.known.get(name)
            if name in self.silent:
                continue
            if name in self.broken:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif turns is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif question.rdtype == 1:
                turn = turns[min(self.asked[name], len(turns) - 1)]
                self.asked[name] += 1
                answer.answer.append(dns.rrset.from_text(question.name, 1, "IN", "A", *turn))
            self._socket.sendto(answer.to_wire(), peer)

    def close(self) -> None:
        self._socket.close()


@dataclass
class Made:
    """One app: its addresses for the register, and what a look has to find."""

    kind: str
    host: str
    web: str
    codes: tuple[str, ...] = ()
    second: tuple[str, ...] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def expected(self, number: int) -> tuple[str, ...]:
        return self.codes if number == 1 or self.second is None else self.second


def page(body: bytes, status: str = "200 OK", *headers: str) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
        writer.write("\r\n".join(head).encode() + body)

    return reply


async def never(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(4000):
        writer.write(b"x" * 10_000)
        await writer.drain()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """Give headers without end, one at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: yes\r\n")
        await writer.drain()
        await asyncio.sleep(0.1)


def slowly(seconds: float) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await page(GOOD)(writer)

    return reply


def leading(url: str) -> Reply:
    return page(b"", "302 Found", f"Location: {url}")


def words(*found: str) -> bytes:
    return b"<html><div style='display:none'>" + " | ".join(found).encode() + b"</div></html>"


class Apps:
    """Many apps, each under its own name and address."""

    def __init__(self) -> None:
        self.names = Names()
        self.authority, self.stranger = trustme.CA(), trustme.CA()
        self.folder = tempfile.TemporaryDirectory()
        self.trusted = Path(self.folder.name) / "authority.pem"
        self.authority.cert_pem.write_to_path(self.trusted)
        self.apps: list[Made] = []
        self.requests: list[tuple[str, float, str]] = []
        self.cookies: list[tuple[str, str]] = []
        self.forbidden: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.names.known[OUTSIDE] = [[ELSEWHERE]]
        self._on_loop(self._listen_where_nobody_may_go())

    def _on_loop(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen_where_nobody_may_go(self) -> None:
        async def seen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.forbidden.append("connected")
            writer.close()

        server = await asyncio.start_server(seen, FORBIDDEN, 0)
        self.forbidden_port = server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def close(self) -> None:
        self._on_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self.names.close()
        self.folder.cleanup()

    def add(
        self,
        kind: str,
        replies: dict[str, Reply] | Reply | None = None,
        codes: tuple[str, ...] = (),
        *,
        tls: trustme.LeafCert | str | None = None,
        turns: list[list[str]] | None = None,
        second: tuple[str, ...] | None = None,
        domain: str = "uji.pontianak.go.id",
        robot: Reply | None = None,
        returning: Reply | None = None,
        port: int | None = None,
        **more: Any,
    ) -> Made:
        """Add an app; a path it does not know is answered by its first reply.

        :param returning: what is answered to who brings a cookie.
        :param tls: ``good``, or a certificate of its own; without it plain HTTP.
        :param turns: what its name means, from one question to the next.
        """
        number = len(self.apps) + 1
        host = f"app{number:03}.{domain}"
        address = f"127.70.{number // 250}.{number % 250 + 1}"
        if kind != "dead name":
            self.names.known[host] = turns or [[address]]
        context = None
        if tls is not None:
            leaf = self.authority.issue_cert(host) if tls == "good" else tls
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            leaf.configure_cert(context)  # type: ignore[union-attr]
        known = replies if isinstance(replies, dict) else {"/": replies or page(GOOD)}
        listening = port or self._on_loop(
            self._listen(host, address, known, context, (robot, returning))
        )
        scheme = "http" if tls is None else "https"
        base = f"{scheme}://{host}:{listening}"
        for name in ("feed", "sitemap"):
            if name in more:
                more[name] = base + more[name]
        made = Made(kind, host, f"{base}/", codes, second, more)
        self.apps.append(made)
        return made

    async def _listen(
        self,
        host: str,
        address: str,
        replies: dict[str, Reply],
        context: ssl.SSLContext | None,
        others: tuple[Reply | None, Reply | None],
    ) -> int:
        robot, returning = others

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ")[1]
                agent = next(
                    line.partition(": ")[2]
                    for line in head.split("\r\n")
                    if line.lower().startswith("user-agent")
                )
                self.requests.append((host, time.monotonic(), agent))
                chosen = replies.get(path, next(iter(replies.values())))
                for line in head.split("\r\n"):
                    if line.lower().startswith("cookie: "):
                        self.cookies.append((host, line.partition(": ")[2]))
                        chosen = returning or chosen
                await (robot if robot and "Googlebot" in agent else chosen)(writer)
                await writer.drain()
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass  # nobody waits for it any more
            finally:
                writer.close()

        server = await asyncio.start_server(answer, address, 0, ssl=context, backlog=50)
        return server.sockets[0].getsockname()[1]

    def certificate(self, *names: str, days: int = 90) -> trustme.LeafCert:
        """Return a certificate that ends in so many days, or ended before."""
        now = dt.datetime.now(dt.UTC)
        begins = now - dt.timedelta(days=400)
        return self.authority.issue_cert(
            *names, not_before=begins, not_after=now + dt.timedelta(days=days)
        )

    def fill(self, count: int) -> None:
        """Add so many apps: each fault, and again, and some that have none."""
        makers = [
            lambda: self.add("good"),
            lambda: self.add("good over TLS", tls="good"),
            lambda: self.add("dead name", codes=("no_name",)),
            lambda: self.add("time-out", never, ("no_answer",)),
            lambda: self.add("endless headers", dripping, ("no_answer",)),
            lambda: self.add("500", page(b"", "500 Error"), ("error_status",)),
            lambda: self.add("gone", page(b"", "404 Not Found"), ("missing",)),
            lambda: self.add(
                "redirect loop", {"/": leading("/satu"), "/satu": leading("/")}, ("redirect_loop",)
            ),
            lambda: self.add("off-domain", leading(f"https://{OUTSIDE}/"), ("off_domain",)),
            self._expired,
            lambda: self.add(
                "wrong name",
                codes=("tls_wrong_name",),
                tls=self.certificate("lain.uji.pontianak.go.id"),
            ),
            self._untrusted,
            self._ends_soon,
            lambda: self.add("log-in wall", page(b"", "401 Unauthorized")),
            lambda: self.add("parked", page(b"<h1>This domain is for sale</h1>"), ("parked",)),
            lambda: self.add(
                "injected",
                page(words("Slot-Gacor", "togel online", "RTP&nbsp;LIVE", "maxwin")),
                ("defaced",),
            ),
            lambda: self.add(
                "an article", page(words("Wali kota memberantas judi online dan slot gacor"))
            ),
            lambda: self.for_robots(agreed=True),
            lambda: self.for_robots(agreed=False),
            lambda: self.add(
                "stale feed",
                {
                    "/": page(GOOD),
                    "/feed": page(b"<pubDate>Tue, 14 Jan 2025 10:00:00 +0700</pubDate>"),
                },
                ("stale",),
                feed="/feed",
            ),
            lambda: self.add("slow", slowly(3.3), ("slow",)),
            lambda: self.add("huge", endless, ("huge",)),
            lambda: self.add(
                "packed tightly",
                page(gzip.compress(b"x" * 5_000_000), "200 OK", "Content-Encoding: gzip"),
            ),
            lambda: self.add(
                "private redirect",
                leading(f"http://{FORBIDDEN}:{self.forbidden_port}/"),
                ("not_from_here",),
            ),
            lambda: self.add(
                "private name",
                codes=("not_from_here",),
                turns=[[FORBIDDEN]],
                port=self.forbidden_port,
            ),
            self._rebinding,
        ]
        while len(self.apps) < count:
            makers[len(self.apps) % len(makers)]()

    def for_robots(self, *, agreed: bool) -> None:
        """Add an app that shows a search robot what it shows to nobody else."""
        self.add(
            "for robots only" if agreed else "for robots only, not agreed",
            robot=page(words("slot gacor", "maxwin", "situs toto")),
            codes=("defaced",) if agreed else (),
            consent=agreed,
        )

    def _expired(self) -> None:
        host = f"app{len(self.apps) + 1:03}.uji.pontianak.go.id"
        self.add("expired", codes=("tls_expired",), tls=self.certificate(host, days=-2))

    def _untrusted(self) -> None:
        host = f"app{len(self.apps) + 1:03}.uji.pontianak.go.id"
        self.add("untrusted", codes=("tls_untrusted",), tls=self.stranger.issue_cert(host))

    def _ends_soon(self) -> None:
        host = f"app{len(self.apps) + 1:03}.uji.pontianak.go.id"
        self.add("ends soon", codes=("tls_soon",), tls=self.certificate(host, days=20))

    def _rebinding(self) -> None:
        number = len(self.apps) + 1
        address = f"127.70.{number // 250}.{number % 250 + 1}"
        self.add(
            "rebinding name",
            {"/": leading("/masuk"), "/masuk": page(GOOD)},
            turns=[[address], [FORBIDDEN]],
            second=("not_from_here",),
        )


_watchers: list[list[tuple[str, int]]] = []
_installed: list[bool] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watchers or event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    if threading.current_thread().name == "pulse" and isinstance(address, tuple):
        _watchers[-1].append((str(address[0]), int(address[1])))


@contextmanager
def watched_sockets() -> Iterator[list[tuple[str, int]]]:
    """Give every address that the pulse connects or sends to, as the interpreter tells it."""
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    _watchers.append([])
    try:
        yield _watchers[-1]
    finally:
        _watchers.pop()


def outside(addresses: list[tuple[str, int]], names: Names) -> list[tuple[str, int]]:
    """Return those addresses that are neither the name server's nor of the range."""
    network = ipaddress.ip_network(RANGE)
    return [
        (host, port)
        for host, port in addresses
        if ipaddress.ip_address(host) not in network and (host, port) != ("127.0.0.1", names.port)
    ]
