"""A browser of somebody, and protection as it is outside of tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ckan.tests import factories

WORD = "rahasia-uji-123"
NAME = "__Host-satudata_sesi"
FIELD = "_csrf_token"


class Browser:
    """A browser with a jar of cookies."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()

    @property
    def cookie(self) -> str:
        """Return the id of the session, empty without one."""
        found = self.client.get_cookie(NAME, domain="test.ckan.net")
        return found.value if found else ""

    def token(self, address: str = "/user/login") -> str:
        """Return the token that stands in a page."""
        page = self.client.get(address).body
        found = re.search(
            rf'name="{FIELD}"\s+(?:type="hidden"\s+)?(?:value|content)="([^"]+)"', page
        )
        return found[1] if found else ""

    def log_in(self, name: str, password: str = WORD, **more: str) -> Any:
        """Send the form of the log-in page."""
        form = {"login": name, "password": password, FIELD: self.token(), **more}
        return self.client.post("/user/login", data=form, follow_redirects=False)

    def post(self, address: str, **more: Any) -> Any:
        """Send something and follow nothing."""
        return self.client.post(address, follow_redirects=False, **more)

    @property
    def is_in(self) -> bool:
        """Tell whether this browser is signed in."""
        return self.client.get("/satudata/sesi", follow_redirects=False).status_code == 200


@pytest.fixture
def person(clean_db: Any) -> dict[str, Any]:
    """Return somebody with a password."""
    return factories.User(password=WORD)


@pytest.fixture
def browser(app: Any, person: dict[str, Any]) -> Browser:
    """Return the browser of somebody who is signed in."""
    found = Browser(app)
    found.log_in(person["name"])
    assert found.is_in
    return found


@pytest.fixture
def protected(app: Any) -> Iterator[None]:
    """Ask for tokens, as every site does that is no test."""
    before = app.flask_app.config["WTF_CSRF_ENABLED"]
    app.flask_app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.flask_app.config["WTF_CSRF_ENABLED"] = before
