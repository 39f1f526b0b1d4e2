"""Looks at apps, many at once and each host politely; gives evidence, and decides nothing.

Requests go to hosts that the register names, and under a search robot's name to none whose owner
did not agree. A redirect to another host is not followed.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import queue
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from ..rules import pages
from ..rules.cookies import Jar
from ..rules.pulse import Pulse, Words
from ..rules.verdict import WALLS, End, Evidence
from .wire import Address, Answer, Asked, Ended, Names, Way, ask, trust

log = logging.getLogger(__name__)

MOST_URL = 2000
HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|[0-9a-f:.]+")
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class App:
    """What is asked of an app this time; ``content`` and ``robot`` are asked for more seldom."""

    id: str
    web: str
    feed: str | None = None
    sitemap: str | None = None
    marker: str | None = None
    content: bool = True
    robot: bool = False


@dataclass(frozen=True)
class Place:
    """An address, in its parts."""

    scheme: str
    host: str
    port: int
    target: str


def place(url: str, base: str = "") -> Place | None:
    """Return an address in its parts; ``None``: it is none that is asked.

    :param base: the address that leads to it.
    """
    try:
        url = urljoin(base, url)
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    except (ValueError, KeyError, UnicodeError):
        return None
    if not HOST.fullmatch(host) or len(url) > MOST_URL or "@" in parts.netloc:
        return None
    return Place(parts.scheme, host, port, f"{target}?{query}" if query else target)


class Looker:
    """Looks at apps in one round."""

    def __init__(self, way: Way, rules: Pulse, lists: Words, today: dt.date) -> None:
        """Say how requests leave, and by which rules they are read."""
        self._way, self._rules, self._lists, self._today = way, rules, lists, today
        self._names, self._context = Names(way), trust(way)
        self._at_once = asyncio.Semaphore(rules.limits.at_once)
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        # As if the round before had asked everybody just now: one that was ended goes on politely.
        begun = time.monotonic()
        self._last: defaultdict[str, float] = defaultdict(lambda: begun)
        self._at_address: defaultdict[Address, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(rules.limits.at_once_at_an_address)
        )

    async def look(self, app: App) -> Evidence:
        """Return what came back of an app."""
        return await self._look(app, {})

    async def _look(self, app: App, known: dict[str, Address]) -> Evidence:
        evidence, body, at = await self._followed(app.web, known)
        if at is None:
            return evidence
        evidence, text = self._read(evidence, body)
        if app.robot:
            evidence = await self._as_robot(evidence, at, known)
        return await self._content(app, evidence, body, text, known) if app.content else evidence

    async def _followed(
        self, url: str, known: dict[str, Address]
    ) -> tuple[Evidence, Answer, Place | None]:
        """Ask for an address, and where it leads within what the register names."""
        seen: list[tuple[Place, str]] = []
        jar = Jar()
        hosts: list[str] = []
        answer, at = Answer(0), place(url)
        if at is None or at.host not in self._way.hosts:
            return Evidence("not_from_here"), answer, None
        while True:
            # A page that leads to itself once more with a cookie is no circle.
            here = at, jar.header(at.host, at.scheme)
            if here in seen or len(seen) > self._rules.limits.redirects:
                return self._ended("redirect_loop", hosts, answer), answer, None
            seen.append(here)
            hosts += [at.host] if at.host not in hosts else []
            try:
                answer = await self._ask(at, known, cookies=here[1])
            except Ended as ended:
                return self._ended(cast(End, ended.end), hosts, answer), answer, None
            jar.take(at.host, answer.cookies)
            leads = answer.headers.get("location")
            if answer.status not in REDIRECTS or not leads:
                return self._ended("answered", hosts, answer), answer, at
            base = f"{at.scheme}://{at.host}:{at.port}{at.target}"
            end, after = await self._onward(place(leads, base), at)
            if after is None:
                found = self._ended(cast(End, end), hosts, answer)
                return _with(found, log_in=end == "answered"), answer, None
            at = after

    async def _onward(self, after: Place | None, at: Place) -> tuple[str, Place | None]:
        """Return where a redirect leads, or how it ends."""
        if after is None:
            return "off_domain", None
        if after.host == at.host or after.host in self._way.hosts:
            return "", after
        if after.host in self._rules.log_in_at:
            return "answered", None
        try:
            await self._names.address(after.host)
        except Ended as ended:
            if ended.end in ("not_from_here", "no_resolver"):
                return ended.end, None
        if self._rules.in_domain(at.host) and self._rules.in_domain(after.host):
            # Of the city, and not in the register: it answers, and is followed no further.
            return "answered", None
        return "off_domain", None

    def _ended(self, end: End, hosts: list[str], answer: Answer) -> Evidence:
        until = answer.tls_until
        return Evidence(
            end,
            hosts=tuple(hosts),
            status=answer.status or None,
            ms=answer.ms or None,
            size=len(answer.body) or None,
            slow=answer.ms > self._way.seconds * 10 * self._rules.limits.slow_percent,
            huge=not answer.whole,
            tls_until=dt.datetime.fromtimestamp(until, dt.UTC).date() if until else None,
        )

    async def _ask(
        self, at: Place, known: dict[str, Address], agent: str | None = None, cookies: str = ""
    ) -> Answer:
        """Ask once, at most once a second of a host.

        :raises Ended: no answer came.
        """
        inside = any(at.port == port for port in self._rules.ports) or bool(self._way.allowed)
        if at.host not in self._way.hosts or not inside:
            raise Ended("not_from_here")
        if agent is not None and at.host not in self._way.robots:
            raise Ended("not_from_here")
        if at.host not in known:
            async with self._at_once:
                known[at.host] = await self._names.address(at.host)
        address = known[at.host]
        most = self._rules.limits.page_kb * 1024
        said = agent or self._way.agent
        asked = Asked(at.scheme, at.host, at.port, at.target, said, most, cookies)
        async with self._hosts[at.host]:
            since = time.monotonic() - self._last[at.host]
            wait = self._rules.limits.seconds_between_requests - since
            if wait > 0:
                await asyncio.sleep(wait)
            async with self._at_address[address], self._at_once:
                try:
                    return await ask(asked, address, self._context, self._way.seconds)
                finally:
                    # From its end on: the host had its second, however late it took the request.
                    self._last[at.host] = time.monotonic()

    def _read(self, evidence: Evidence, answer: Answer) -> tuple[Evidence, str]:
        text = answer.body.decode("utf-8", "replace")
        log_in = answer.status in WALLS or pages.asks_to_log_in(text)
        words = self._words(text)
        return _with(evidence, log_in=log_in, words=words), text

    def _words(self, text: str) -> dict[str, list[str]]:
        page, titles = pages.plain_page(text), pages.plain_titles(text)
        found = {
            name: pages.mentioned(titles if each.in_title else page, each.words)
            for name, each in self._lists.lists.items()
        }
        return {name: words for name, words in found.items() if words}

    async def _as_robot(self, evidence: Evidence, at: Place, known: dict[str, Address]) -> Evidence:
        try:
            answer = await self._ask(at, known, self._rules.robot_agent)
        except Ended:
            return evidence
        if not 200 <= answer.status < 300:
            return evidence
        words = self._words(answer.body.decode("utf-8", "replace"))
        return _with(evidence, robot_words=words)

    async def _content(
        self, app: App, evidence: Evidence, answer: Answer, text: str, known: dict[str, Address]
    ) -> Evidence:
        """Say how old the content is: by its marker, its feed and site map, or its newest day."""
        evidence = _with(evidence, content=True)
        if app.marker:
            there, day = pages.day_after(text, app.marker, self._today)
            evidence = _with(evidence, marker=there)
            if day is not None:
                return _with(evidence, newest=day, newest_by="marker")
        listed = {}
        for name, url in (("feed", app.feed), ("sitemap", app.sitemap)):
            day = await self._newest_at(url, known) if url else None
            if day is not None:
                listed[name] = day
        if listed:
            name = max(listed, key=lambda each: listed[each])
            return _with(evidence, newest=listed[name], newest_by=name)
        if (day := pages.newest_day(text, self._today)) is not None:
            return _with(evidence, newest=day, newest_by="page")
        day = pages.header_day(answer.headers.get("last-modified", ""), self._today)
        return _with(evidence, newest=day, newest_by="header") if day else evidence

    async def _newest_at(self, url: str, known: dict[str, Address]) -> dt.date | None:
        at = place(url)
        if at is None:
            return None
        try:
            answer = await self._ask(at, known)
        except Ended:
            return None
        if answer.status != 200:
            return None
        return pages.newest_day(answer.body.decode("utf-8", "replace"), self._today)


def _with(evidence: Evidence, **changed: Any) -> Evidence:
    return msgspec.structs.replace(evidence, **changed)


def looked(
    apps: Iterable[App], way: Way, rules: Pulse, lists: Words, today: dt.date
) -> Iterator[tuple[App, Evidence]]:
    """Look at apps and give the evidence of each as soon as it is there.

    Requests run in a thread of their own, so that who takes the evidence can write it meanwhile
    and no time that is measured waits for it.
    """
    found: queue.SimpleQueue[tuple[App, Evidence] | BaseException | None] = queue.SimpleQueue()

    async def one(looker: Looker, app: App) -> None:
        try:
            evidence = await looker.look(app)
        except Exception as problem:  # noqa: BLE001 - one page ends no round
            log.warning("no look at %s: %s", app.id, type(problem).__name__)
            evidence = Evidence("not_from_here")
        found.put((app, evidence))

    async def all_of_them() -> None:
        looker = Looker(way, rules, lists, today)
        await asyncio.gather(*(one(looker, app) for app in apps))

    def run() -> None:
        try:
            asyncio.run(all_of_them())
        except BaseException as problem:  # noqa: BLE001 - handed on to who asked
            found.put(problem)
        else:
            found.put(None)

    thread = threading.Thread(target=run, name="pulse", daemon=True)
    thread.start()
    while (item := found.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
    thread.join()
