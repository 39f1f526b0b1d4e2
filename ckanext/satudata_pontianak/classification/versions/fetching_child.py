"""Asks another site for what is behind a link, in a process of its own (``python -m``).

The other site decides how long each name, connection, header and byte takes. Only a process can be
ended whatever it waits for, so the parent holds the clock. What was asked for is read from the
standard input as JSON; a line of JSON about the answer is written, then its bytes.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

import requests
from requests_hardened import Config, Manager

from ...surface.net.pinned import NotPublic, PinnedAdapter
from ...surface.net.public_net import Address, is_public

CHUNK = 1 << 16
AGENT = "Satu Data Pontianak"
MOST_REDIRECTS = 5
LONGEST_HEADER = 1000


def ask(asked: dict[str, Any], out: BinaryIO) -> None:
    """Ask for an address, and write what is known of the answer and its bytes.

    Addresses inside a network, also behind a redirect, are never asked: the name is resolved
    once and the very address that was checked is connected to.
    """
    manager = Manager(
        Config(
            # By our own adapter, below: one rule for all that follow foreign addresses.
            ip_filter_enable=False,
            ip_filter_allow_loopback_ips=False,
            never_redirect=False,
            default_timeout=(float(asked["seconds"]), float(asked["seconds"])),
            user_agent_override=AGENT,
        )
    )
    loopback, told = bool(asked["loopback"]), False

    def allows(_host: str, _port: int, address: Address) -> bool:
        return is_public(address) or (loopback and address.is_loopback)

    try:
        with manager.get_session() as session:
            session.trust_env = False
            for scheme in ("http://", "https://"):
                session.mount(scheme, PinnedAdapter(allows))
            session.max_redirects = MOST_REDIRECTS
            with session.get(asked["url"], stream=True) as answer:
                told = True
                _say(
                    out,
                    status=answer.status_code,
                    kind=answer.headers.get("Content-Type", "")[:LONGEST_HEADER],
                    length=answer.headers.get("Content-Length", "")[:LONGEST_HEADER],
                    disposition=answer.headers.get("Content-Disposition", "")[:LONGEST_HEADER],
                )
                for chunk in answer.iter_content(CHUNK):
                    out.write(chunk)
                    out.flush()
    except (NotPublic, requests.RequestException, OSError, ValueError) as problem:
        if told:
            # What was written so far is no whole file: the parent sees how this process ended.
            sys.exit(1)
        _say(out, failed=_code(problem))


def _code(problem: Exception) -> str:
    if isinstance(problem, NotPublic):
        return "link_forbidden"
    return "link_slow" if isinstance(problem, requests.Timeout) else "link_unreachable"


def _say(out: BinaryIO, **told: Any) -> None:
    out.write(json.dumps(told).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    ask(json.loads(sys.stdin.buffer.readline()), sys.stdout.buffer)
