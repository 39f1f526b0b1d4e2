"""Only the page that needs a session writes one; a late answer cannot take a log-in away."""

from __future__ import annotations

from typing import Any

from ckan.tests import factories


def test_answers_after_the_page_of_a_form_write_no_session(app: Any) -> None:
    visitor = app.test_client()
    assert "Set-Cookie" in visitor.get("/user/login").headers
    for address in ("/api/i18n/id", "/user/login", "/dataset/", "/user/reset"):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers, address


def test_a_log_in_writes_its_own(app: Any, clean_db: Any) -> None:
    user = factories.User(password="rahasia-uji-123")
    visitor = app.test_client()
    visitor.get("/user/login")
    form = {"login": user["name"], "password": "rahasia-uji-123"}
    answer = visitor.post("/user/login", data=form, follow_redirects=False)
    assert "Set-Cookie" in answer.headers
    assert visitor.get("/dashboard/", follow_redirects=False).status_code == 200
