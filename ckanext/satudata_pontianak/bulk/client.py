"""CKAN's API for many datasets: one session a thread, and patience when the portal asks for it."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from .checking import File

CONNECTS, READS = 15, 600
"""Seconds until a connection stands, and for an answer: a large file is scanned meanwhile."""
TRIES = 8
_FIRST, _LONGEST = 1.0, 60.0
_LEFT = re.compile(r";r=0\b.*?;t=(\d+)")
_PATIENCE = 600.0
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_RACES = frozenset({"lost_race"})


class Again(Exception):
    """The portal could not answer now; the same may be tried again after some seconds."""

    def __init__(self, seconds: float | None = None) -> None:
        """Take how long the portal asked to wait, if it did."""
        super().__init__(seconds)
        self.seconds = seconds


class Refused(Exception):
    """The portal refused; what it said of each field."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        """Take the fields and their texts."""
        super().__init__("refused")
        self.errors = {k: v for k, v in errors.items() if not k.startswith("__") and k != "code"}
        self.code = errors.get("code")


class Pace:
    """When the next call may be made: what the portal tells one thread holds for all."""

    def __init__(self) -> None:
        """Begin at once."""
        self._until, self._lock = 0.0, threading.Lock()

    def hold(self, seconds: float) -> None:
        """Let nobody call for so long."""
        with self._lock:
            self._until = max(self._until, time.monotonic() + seconds)

    def wait(self) -> None:
        """Wait for one's turn."""
        while (left := self._until - time.monotonic()) > 0:
            time.sleep(left)


def pause(attempt: int, asked: float | None = None) -> float:
    """Return how long to wait before trying again: as the portal asks, else longer each time."""
    most = min(_LONGEST, _FIRST * 2**attempt)
    # Not all threads at once; no secret depends on it.
    return max(asked or 0.0, most / 2 + random.random() * most / 2)  # noqa: S311


class NotAllowed(Exception):
    """The token may not do that, or there is no such thing for it: nobody says which."""


class Portal:
    """A portal, and who calls it."""

    def __init__(self, address: str, token: str) -> None:
        """Take the address of the portal and the token of a person."""
        self.address = address.rstrip("/")
        self.token, self._pace, self._mine = token, Pace(), threading.local()

    def call(self, action: str, data: Mapping[str, Any], file: File | None = None) -> Any:
        """Call an action, with a file where one is given.

        :raises Again: try later.
        :raises Refused: something in it is wrong.
        :raises NotAllowed: the token may not, or there is no such thing for it.
        """
        remote = getattr(self._mine, "remote", None)
        if remote is None:
            remote = self._mine.remote = _remote(self.address, self.token, self._pace)
        more = {"timeout": (CONNECTS, READS)}
        if file is None:
            return _answered(lambda: remote.call_action(action, dict(data), requests_kwargs=more))
        with file.path.open("rb") as content:
            files = {"upload": (file.path.name, content)}
            return _answered(
                lambda: remote.call_action(action, dict(data), files=files, requests_kwargs=more)
            )

    def asked(self, action: str, data: Mapping[str, Any]) -> Any:
        """Call an action that only reads, as often as it takes.

        :raises Again: the portal did not answer in all that time.
        """
        for attempt in range(TRIES):
            try:
                return self.call(action, data)
            except Again as busy:
                if attempt == TRIES - 1:
                    raise
                self.rest(attempt, busy)
        raise Again

    @staticmethod
    def rest(attempt: int, busy: Again) -> None:
        """Wait before the next try."""
        time.sleep(pause(attempt, busy.seconds))

    def shown(self, name: str) -> dict[str, Any]:
        """Return a dataset by name or id.

        :raises NotAllowed: this token sees none.
        """
        return self.call("package_show", {"id": name})

    def find(self, name: str) -> dict[str, Any] | None:
        """Return a dataset by name or id; ``None`` where this token sees none."""
        try:
            return self.shown(name)
        except NotAllowed:
            return None

    def agencies(self) -> dict[str, str]:
        """Return the agencies that the token may publish for: name → title."""
        found = self.asked("organization_list_for_user", {"permission": "create_dataset"})
        return {each["name"]: each.get("title") or each["name"] for each in found}

    def licences(self) -> dict[str, str]:
        """Return the licences of the portal: id → title."""
        found = self.asked("license_list", {})
        return {each["id"]: each.get("title") or each["id"] for each in found}


def _remote(address: str, token: str, pace: Pace) -> Any:
    """Return ckanapi's client, which also reads what the headers say."""
    # Where CKAN is installed ckanapi loads it, which takes seconds: only for who publishes.
    from ckanapi import RemoteCKAN

    class Remote(RemoteCKAN):
        def _request_fn(
            self, url: str, data: Any, headers: Any, files: Any, requests_kwargs: Any
        ) -> tuple[int, str]:
            pace.wait()
            try:
                answer = session.post(
                    url, data=data, headers=headers, files=files,
                    allow_redirects=False, **requests_kwargs,
                )  # fmt: skip
            except requests.RequestException:
                raise Again from None
            _heed(answer, pace)
            return answer.status_code, answer.text

    session = requests.Session()
    # So that no password of a ~/.netrc takes the place of the token; proxies are taken as set.
    session.auth = lambda request: request
    return Remote(address, apikey=token, user_agent="satudata-publish", session=session)


def _heed(answer: requests.Response, pace: Pace) -> None:
    """Do as the headers of an answer say.

    :raises Again: it is no answer yet.
    """
    if answer.status_code in _AGAIN:
        asked = answer.headers.get("Retry-After", "")
        seconds = min(float(asked), _PATIENCE) if asked.isascii() and asked.isdigit() else None
        if seconds:
            pace.hold(seconds)
        raise Again(seconds)
    left = _LEFT.search(answer.headers.get("RateLimit", ""))
    if left:
        pace.hold(min(float(left[1]), _PATIENCE))


def _answered(call: Callable[[], Any]) -> Any:
    """Return what a call answers, its refusals in our words."""
    from ckanapi import errors

    try:
        return call()
    except errors.ValidationError as error:
        told = error.error_dict if isinstance(error.error_dict, dict) else {}
        if told.get("code") in _RACES:
            raise Again from None
        raise Refused(told) from None
    except (errors.NotAuthorized, errors.NotFound):
        raise NotAllowed from None
    except (errors.CKANAPIError, errors.ServerIncompatibleError) as error:
        # Only the status: the rest of the answer may quote what was sent.
        raise Refused({"portal": [_status(error)]}) from None


def _status(error: Exception) -> str:
    found = re.search(r", (\d{3}), ", str(error))
    return f"HTTP {found[1]}" if found else "HTTP"
