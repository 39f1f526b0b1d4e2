"""What the tests of accounts share: a fresh count of tries, and browsers with an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ckan.lib.redis import connect_to_redis

COUNTS = ("*satudata:tries*", "*satudata:once:*", "*satudata:reset*")


def forget_tries() -> None:
    """Forget what was counted in Redis."""
    redis = connect_to_redis()
    for pattern in COUNTS:
        for key in redis.scan_iter(pattern):
            redis.delete(key)


@pytest.fixture(autouse=True)
def fresh_counts(with_plugins: None) -> Iterator[None]:
    """Begin without tries."""
    forget_tries()
    yield
    forget_tries()


class Browser:
    """One browser: its cookies, at one address."""

    def __init__(self, app: Any, address: str = "203.0.113.7") -> None:
        self.app, self.address = app.app, address
        self.client = self.app.test_client()

    def get(self, path: str, **more: Any) -> Any:
        """Ask for a page."""
        return self.client.get(path, **self._with(more))

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        """Send a form."""
        return self.client.post(path, data=data, **self._with(more))

    def log_in(self, name: str, password: str, **more: Any) -> Any:
        """Send the form of log-in."""
        return self.post("/user/login", {"login": name, "password": password}, **more)

    def is_in(self) -> bool:
        """Tell whether somebody is signed in here."""
        return self.get("/user/edit").status_code == 200

    def _with(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"environ_overrides": {"REMOTE_ADDR": self.address}, **more}


@pytest.fixture
def browser(app: Any) -> Any:
    """Return the maker of browsers."""
    return lambda address="203.0.113.7": Browser(app, address)


def words(response: Any) -> str:
    """Return a page without what is random in it."""
    text = response.get_data(as_text=True)
    return re.sub(r'(name="_csrf_token"|_csrf_token)[^>]*>', "", text)
