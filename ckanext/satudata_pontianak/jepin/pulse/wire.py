"""One request over a connection of which every part is ours: address, certificate, size, time.

A name is resolved once for a check, each of its addresses is looked at, and the one that was
looked at is connected to: what the name means a moment later changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver
import h11

from ...surface.net.public_net import Address, is_public

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
EXPIRED, NOT_YET = 10, 9
WRONG_NAME = frozenset({62, 64})
"""Numbers of OpenSSL (``X509_V_ERR_*``): the name, or the address, is another."""
MOST_HEADERS = 64 * 1024
CHUNK = 1 << 16


class Ended(Exception):
    """No answer came; ``end`` says why, as ``verdict.End`` names it."""

    def __init__(self, end: str) -> None:
        super().__init__(end)
        self.end = end


@dataclass(frozen=True)
class Way:
    """How requests leave this machine.

    ``resolvers``: name servers (address and port) in the place of the system's own.
    ``allowed``: networks inside that may be asked, which are none but for a test range.
    ``authorities``: a file with further certificates that are trusted.
    ``hosts``: those that the register names; requests to any other are not sent.
    ``robots``: those of them that may be asked under a search robot's name.
    """

    agent: str
    seconds: float
    hosts: frozenset[str] = frozenset()
    robots: frozenset[str] = frozenset()
    resolvers: tuple[tuple[str, int], ...] = ()
    allowed: tuple[Network, ...] = ()
    authorities: str | None = None


def may_ask(address: Address, allowed: tuple[Network, ...]) -> bool:
    """Tell whether an address may be connected to: a public one, or of the test range."""
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address.version == net.version and address in net for net in allowed):
        return True
    return is_public(address)


class Names:
    """Resolves names, each once."""

    def __init__(self, way: Way) -> None:
        """Ask the name servers of ``way``, or those of the system.

        No answer in time means that those of the name are silent, if ours still answer.
        """
        self._way = way
        self._resolver = dns.asyncresolver.Resolver(configure=not way.resolvers)
        if way.resolvers:
            self._resolver.nameservers = [address for address, _ in way.resolvers]
            self._resolver.port = way.resolvers[0][1]
        self._resolver.lifetime = max(1.0, way.seconds / 2)

    async def address(self, host: str) -> Address:
        """Return the address of a host that may be asked.

        :raises Ended: there is none, it lies inside, or the name servers do not answer us.
        """
        found = await self._addresses(host)
        if not found:
            raise Ended("no_name")
        if not all(may_ask(each, self._way.allowed) for each in found):
            raise Ended("not_from_here")
        return found[0]

    async def _addresses(self, host: str) -> list[Address]:
        with contextlib.suppress(ValueError):
            return [ipaddress.ip_address(host)]
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            raise Ended("not_from_here")
        for kind in ("A", "AAAA"):
            try:
                answer = await self._resolver.resolve(host, kind, search=False)
            except dns.resolver.NoAnswer:
                continue
            except (dns.resolver.LifetimeTimeout, dns.resolver.NoNameservers, OSError):
                # Are our own name servers silent? That says nothing of the app.
                raise Ended("no_resolver" if await self._reached() else "not_from_here") from None
            except (dns.exception.DNSException, ValueError):
                raise Ended("no_name") from None
            return [ipaddress.ip_address(each.address) for each in answer]
        return []

    async def _reached(self) -> bool:
        """Tell whether our own name servers answer, whatever they say, what each of them holds."""
        question = dns.message.make_query(dns.name.root, dns.rdatatype.NS)
        for server in self._resolver.nameservers:
            with contextlib.suppress(dns.exception.DNSException, OSError, ValueError):
                await dns.asyncquery.udp(
                    question, str(server), self._resolver.lifetime, self._resolver.port
                )
                return True
        return False


@dataclass(frozen=True)
class Asked:
    """One request: where it goes, under which name, and how much of the answer is read."""

    scheme: str
    host: str
    port: int
    target: str
    agent: str
    most: int
    cookies: str = ""


@dataclass
class Answer:
    """What came back: headers by lower-case name, cookies, the first bytes, how long it took."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    body: bytes = b""
    whole: bool = True
    ms: int = 0
    tls_until: float | None = None


def trust(way: Way) -> ssl.SSLContext:
    """Return whose certificates are trusted."""
    context = ssl.create_default_context()
    if way.authorities:
        context.load_verify_locations(way.authorities)
    return context


async def ask(asked: Asked, address: Address, context: ssl.SSLContext, seconds: float) -> Answer:
    """Ask an address that was looked at: so many seconds for an answer, and again for its body.

    :raises Ended: no answer came, or none over a connection that can be trusted.
    """
    try:
        return await _asked(asked, address, context, seconds)
    except ssl.SSLCertVerificationError as error:
        raise Ended(_certificate(error)) from None
    except ssl.SSLError:
        raise Ended("tls_broken") from None
    except (OSError, TimeoutError, h11.ProtocolError, asyncio.IncompleteReadError):
        raise Ended("no_answer") from None


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in (EXPIRED, NOT_YET):
        return "tls_expired"
    return "tls_wrong_name" if error.verify_code in WRONG_NAME else "tls_untrusted"


async def _asked(asked: Asked, address: Address, context: ssl.SSLContext, seconds: float) -> Answer:
    begun, writer = time.monotonic(), None
    secure = asked.scheme == "https"
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(
                str(address),
                asked.port,
                limit=CHUNK,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                ssl=context if secure else None,
                server_hostname=asked.host if secure else None,
            )
            line = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADERS)
            writer.write(line.send(_request(asked)) or b"")
            writer.write(line.send(h11.EndOfMessage()) or b"")
            await writer.drain()
            answer = await _response(line, reader)
        answer.ms = round((time.monotonic() - begun) * 1000)
        certificate = writer.get_extra_info("peercert") or {}
        if "notAfter" in certificate:
            answer.tls_until = ssl.cert_time_to_seconds(certificate["notAfter"])
        await _body(line, reader, answer, asked.most, seconds)
        return answer
    finally:
        if writer is not None:
            # At once: who is slow to say good-bye is not waited for.
            writer.transport.abort()


def _request(asked: Asked) -> h11.Request:
    default = {"http": 80, "https": 443}[asked.scheme]
    host = asked.host if asked.port == default else f"{asked.host}:{asked.port}"
    return h11.Request(
        method="GET",
        target=asked.target,
        headers=[
            ("Host", host),
            ("User-Agent", asked.agent),
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"),
            ("Accept-Language", "id,en;q=0.5"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
            *([("Cookie", asked.cookies)] if asked.cookies else []),
        ],
    )


async def _next(line: h11.Connection, reader: asyncio.StreamReader) -> h11.Event | type[h11.PAUSED]:
    while True:
        event = line.next_event()
        if event is not h11.NEED_DATA:
            return event  # type: ignore[return-value]
        line.receive_data(await reader.read(CHUNK))


async def _response(line: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    while True:
        event = await _next(line, reader)
        if isinstance(event, h11.Response):
            headers: dict[str, str] = {}
            cookies: list[str] = []
            for name, value in event.headers:
                if name == b"set-cookie":
                    cookies.append(value.decode("latin-1"))
                headers.setdefault(name.decode("ascii"), value.decode("latin-1"))
            return Answer(event.status_code, headers, cookies)
        if not isinstance(event, h11.InformationalResponse):
            raise h11.RemoteProtocolError("no response")


async def _body(
    line: h11.Connection, reader: asyncio.StreamReader, answer: Answer, most: int, seconds: float
) -> None:
    """Read the first bytes; who breaks off, or is slow with them, has answered all the same."""
    found, ended = bytearray(), False
    with contextlib.suppress(OSError, TimeoutError, h11.ProtocolError):
        async with asyncio.timeout(seconds):
            while len(found) <= most and not ended:
                event = await _next(line, reader)
                if isinstance(event, h11.Data):
                    found += event.data
                else:
                    ended = True
    answer.whole = ended
    answer.body = _unpacked(bytes(found[:most]), answer.headers.get("content-encoding", ""), most)


def _unpacked(body: bytes, coding: str, most: int) -> bytes:
    """Return what was packed though nobody asked for it, at most so many bytes of it."""
    if coding.strip().lower() not in ("gzip", "deflate"):
        return body
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(wbits=47).decompress(body, most)
    return b""


def networks(values: Iterable[str]) -> tuple[Network, ...]:
    """Return networks from their texts.

    :raises ValueError: one is none.
    """
    return tuple(ipaddress.ip_network(value) for value in values)
