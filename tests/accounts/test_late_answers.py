"""Only the page that needs a session writes one; a late answer cannot take a log-in away."""

from __future__ import annotations

from typing import Any

from ckan.tests import factories

WORD = "rahasia-uji-123"


def log_in(visitor: Any, name: str) -> Any:
    """Send the form of the log-in page."""
    form = {"login": name, "password": WORD}
    return visitor.post("/user/login", data=form, follow_redirects=False)


def test_answers_after_the_page_of_a_form_set_no_cookie(app: Any) -> None:
    visitor = app.test_client()
    assert "Set-Cookie" in visitor.get("/user/login").headers
    for address in ("/api/i18n/id", "/user/login", "/dataset/", "/user/reset"):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers, address


def test_a_log_in_sets_its_own(app: Any, clean_db: Any) -> None:
    user = factories.User(password=WORD)
    visitor = app.test_client()
    visitor.get("/user/login")
    assert "Set-Cookie" in log_in(visitor, user["name"]).headers
    assert visitor.get("/dashboard/", follow_redirects=False).status_code == 200


def test_an_answer_to_the_id_of_before_the_log_in_sets_no_cookie(app: Any, clean_db: Any) -> None:
    user = factories.User(password=WORD)
    visitor, late = app.test_client(), app.test_client(use_cookies=False)
    before = visitor.get("/user/login").headers["Set-Cookie"].partition(";")[0]
    log_in(visitor, user["name"])
    answer = late.get("/user/login", headers={"Cookie": before})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert visitor.get("/dashboard/", follow_redirects=False).status_code == 200
