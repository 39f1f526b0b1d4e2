"""What must not be so on a site that others reach: for ``ckan satudata check``.

On a loopback address (the demo, a developer's machine) none of this is wrong.
"""

from __future__ import annotations

import contextlib
import socket
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
import requests
import sqlalchemy as sa
from redis.backoff import NoBackoff
from redis.retry import Retry

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config as options
from ...accounts import factor_key, factors
from ...agencies.checks import Finding, Level
from ...msgids import N_
from ..demo.people import MARK
from ..web.local_address import is_loopback

SHORTEST_SECRET = 20
SECONDS = 2
ONCE = Retry(NoBackoff(), 0)
"""Where nothing listens, the client would try for seconds."""
GUESSED = frozenset(
    "ckan ckan_default datastore_default pass password postgres satudata secret admin changeme "
    "change-me change_me".split()
)
"""Passwords and secrets that stand in examples."""

SECRETS = (
    "SECRET_KEY",
    "WTF_CSRF_SECRET_KEY",
    "api_token.jwt.encode.secret",
    "api_token.jwt.decode.secret",
)
DATABASES = ("sqlalchemy.url", "ckan.datastore.write_url", "ckan.datastore.read_url")
COOKIES = {
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SECURE": True,
    "REMEMBER_COOKIE_HTTPONLY": True,
}
SAME_SITE = ("SESSION_COOKIE_SAMESITE", "REMEMBER_COOKIE_SAMESITE")


def check() -> list[Finding]:
    """Is a site that others reach closed to them?"""
    config: Mapping[str, Any] = tk.config
    if is_loopback(str(config.get("ckan.site_url") or "")):
        return check_mailbox()
    reached = own_addresses()
    return [
        *check_demo(),
        *check_mailbox(),
        *check_cookies(config),
        *check_secrets(config),
        *check_second_factor(),
        *check_redis(str(config.get("ckan.redis.url") or ""), reached),
        *check_solr(str(config.get("solr_url") or ""), reached),
    ]


def check_demo() -> list[Finding]:
    """Are there accounts of the demo, whose passwords lie in a file?"""
    query = sa.select(sa.func.count()).where(
        model.User.state == "active", model.User.plugin_extras.has_key(MARK)
    )
    count = model.Session.scalar(query) or 0
    if not count:
        return []
    return [
        Finding(
            Level.ERROR,
            N_("%(count)s accounts of the demo are active on a site that others reach."),
            N_("Close these accounts on their pages. Never make the demo on a site of the city."),
            {"count": str(count)},
        )
    ]


def check_mailbox() -> list[Finding]:
    """Is a page of all mails named on a site that others reach, or is it reached itself?"""
    page = options.demo_mailbox()
    if not page or (is_loopback(options.site_url()) and is_loopback(page)):
        return []
    return [
        Finding(
            Level.ERROR,
            N_("A page that shows every mail is named, and this is no demo on one machine alone."),
            N_("Take %(option)s out of the configuration, set smtp.server and restart the site."),
            {"option": options.DEMO_MAILBOX},
        )
    ]


def check_cookies(config: Mapping[str, Any]) -> list[Finding]:
    """Are cookies sent over https alone, to this site alone, and kept from scripts?"""
    found: list[Finding] = []
    if urlsplit(str(config.get("ckan.site_url") or "")).scheme != "https":
        found.append(
            Finding(
                Level.ERROR,
                N_("The address of the site is not https: passwords and cookies can be read."),
                N_("Set up TLS and write https:// into ckan.site_url."),
            )
        )
    wrong = [name for name in COOKIES if not tk.asbool(config.get(name) or False)]
    wrong += [n for n in SAME_SITE if str(config.get(n) or "").casefold() not in ("lax", "strict")]
    found.extend(
        Finding(
            Level.ERROR,
            N_("Cookies are not safe: %(option)s is not set."),
            N_("Set %(option)s = %(value)s in the configuration and restart the site."),
            {"option": name, "value": "Lax" if name in SAME_SITE else "true"},
        )
        for name in wrong
    )
    return found


def check_secrets(config: Mapping[str, Any]) -> list[Finding]:
    """Are secrets long, and passwords of the databases none that stand in examples?"""
    found: list[Finding] = []
    for name in SECRETS:
        value = str(config.get(name) or "").removeprefix("string:")
        if not value and name != "SECRET_KEY":
            continue  # CKAN takes the first one
        if len(value) < SHORTEST_SECRET or value.casefold() in GUESSED:
            found.append(
                Finding(
                    Level.ERROR,
                    N_("The secret %(option)s is missing, short or one that stands in examples."),
                    N_("Set %(option)s to 40 random characters and restart the site."),
                    {"option": name},
                )
            )
    for name in DATABASES:
        value = config.get(name)
        if value and (sa.make_url(str(value)).password or "").casefold() in {*GUESSED, ""}:
            found.append(
                Finding(
                    Level.ERROR,
                    N_("The password in %(option)s is missing or one that stands in examples."),
                    N_("Give the database role another password, and write it into %(option)s."),
                    {"option": name},
                )
            )
    return found


def check_second_factor() -> list[Finding]:
    """Do those who decide, or run the site, show more than a password?"""
    if options.second_factor():
        return []
    return [
        Finding(
            Level.ERROR,
            N_(
                "The second factor is off: whoever guesses one password decides in the city's name."
            ),
            N_("Set %(option)s = true in the configuration and restart the site."),
            {"option": options.SECOND_FACTOR},
        )
    ]


def check_factor_key() -> list[Finding]:
    """Can second factors be read by the site, and by nobody else?"""
    if not options.second_factor():
        return []
    try:
        path = factor_key.key_file()
        if not path.exists() and not factors.any_stored():
            return []  # it is made with the first one
        factor_key.read()
    except factor_key.FactorKeyError:
        return [
            Finding(
                Level.ERROR,
                N_("The key of second factors is missing, no key, or readable by others."),
                N_(
                    "Put the file back from its copy, owned by the user that runs the site and "
                    "with the mode 0600. Without a copy: ckan satudata second-factor-reset NAME, "
                    "for each."
                ),
            )
        ]
    return []


def own_addresses() -> list[str]:
    """Return the addresses of this machine that others may reach it by."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        found.update(str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None))
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        # Nothing is sent: the system only says by which of its addresses it would be.
        out.connect(("192.0.2.1", 9))
        found.add(out.getsockname()[0])
    return sorted(a for a in found if not is_loopback(a))


def _reached(url: str, addresses: Collection[str], port: int) -> Iterator[tuple[str, int]]:
    """Give where others could reach a service: its own host, or this machine's addresses."""
    parts = urlsplit(url)
    host, number = parts.hostname or "", parts.port or port
    for each in addresses if is_loopback(host) else [host]:
        yield each, number


def check_redis(url: str, addresses: Collection[str]) -> list[Finding]:
    """Does Redis answer others who have no password?"""
    if not url.startswith(("redis://", "rediss://")):
        return []
    for host, port in _reached(url, addresses, 6379):
        try:
            client = redis.Redis(
                host=host, port=port, socket_timeout=SECONDS, socket_connect_timeout=SECONDS,
                ssl=url.startswith("rediss://"), retry=ONCE,
            )  # fmt: skip
            open_to_all = bool(client.ping())
        except (redis.RedisError, OSError):
            continue
        if open_to_all:
            return [
                Finding(
                    Level.ERROR,
                    N_("Redis answers on %(host)s without a password: sessions can be forged."),
                    N_("Let Redis listen on 127.0.0.1 only, or give it a password (requirepass)."),
                    {"host": host},
                )
            ]
    return []


def check_solr(url: str, addresses: Collection[str]) -> list[Finding]:
    """Does Solr answer others who have no password?"""
    parts = urlsplit(url)
    for host, port in _reached(url, addresses, 8983):
        shown = f"[{host}]" if ":" in host else host
        address = f"{parts.scheme or 'http'}://{shown}:{port}{parts.path.rstrip('/')}/select"
        try:
            answer = requests.get(
                address, params={"q": "*:*", "rows": "0"}, timeout=SECONDS, allow_redirects=False
            )
        except requests.RequestException:
            continue
        if answer.status_code not in (401, 403):
            return [
                Finding(
                    Level.ERROR,
                    N_("Solr answers on %(host)s without a password: it tells of closed datasets."),
                    N_("Let Solr listen on 127.0.0.1 only, or behind a firewall and a password."),
                    {"host": host},
                )
            ]
    return []


def check_files() -> list[Finding]:
    """Can other accounts of the server read what the site keeps?"""
    storage = tk.config.get("ckan.storage_path")
    if not storage or not Path(storage).is_dir():
        return []
    if not Path(storage).stat().st_mode & (stat.S_IRWXO):
        return []
    return [
        Finding(
            Level.ERROR,
            N_("Every account of the server can look into the folder of files, ckan.storage_path."),
            N_("Run: chmod -R o= %(folder)s, and start the site with umask 027 or 077."),
            {"folder": str(storage)},
        )
    ]
