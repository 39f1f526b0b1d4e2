"""Only declared cookies are read, and a stranger cannot pass one off as the site's."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.surface import cookies

HTTPS = "https://data.contoh.go.id"
ALLOWED = cookies.names(HTTPS)
NAME = cookies.name_of(cookies.SESSION, HTTPS)


@pytest.mark.parametrize(
    ("url", "guarded"),
    [
        (HTTPS, True),
        ("http://data.contoh.go.id", True),
        ("http://10.0.0.7:5000", True),
        ("http://127.0.0.1.contoh.go.id", True),
        ("https://127.0.0.1:5000", True),
        ("http://127.0.0.1:5000", False),
        ("http://127.9.9.9", False),
        ("http://[::1]:5000", False),
        ("http://localhost:5000", False),
        ("http://localhost.contoh.go.id", True),
        ("", True),
    ],
)
def test_only_http_on_this_machine_has_plain_names(url: str, guarded: bool) -> None:
    assert cookies.is_guarded(url) is guarded
    assert cookies.name_of(cookies.SESSION, url).startswith("__Host-") is guarded
    assert cookies.attributes(cookies.SESSION, url)["secure"] is guarded


@pytest.mark.parametrize(
    "header",
    [
        "remember_token=1|a",
        "ckan=1",
        f"{NAME}",
        f"{NAME} =1",
        f"\xa0{NAME}=1",
        f"\x85{NAME}=1",
        f"\u2000{NAME}=1",
        f"\x0b{NAME}=1",
        NAME.lower() + "=1",
        NAME.removeprefix("__Host-") + "=1",
        "__%48ost-satudata_sesi=1",
        f"={NAME}=1",
        f"$Version=1, {NAME}=1",
        f"{NAME}=1; {NAME}=2",
        f"a=1, {NAME}=1",
        f'x="; {NAME}',
        "",
        ";;",
    ],
)
def test_what_is_not_written_letter_by_letter_is_not_read(header: str) -> None:
    assert cookies.kept(header, ALLOWED) == ""


def test_the_cookies_of_the_site_are_read_and_nothing_beside_them() -> None:
    header = f"_ga=1; {NAME}=abc;  __Host-satudata_tema=gelap; ckan=2"
    assert cookies.kept(header, ALLOWED) == f"{NAME}=abc; __Host-satudata_tema=gelap"


def test_a_name_that_comes_twice_takes_only_itself_away() -> None:
    header = f"{NAME}=a; __Host-satudata_tema=gelap; {NAME}=b"
    assert cookies.kept(header, ALLOWED) == "__Host-satudata_tema=gelap"


def test_a_cookie_that_nobody_declared_does_not_go_out() -> None:
    assert cookies.is_declared(f"{NAME}=x; Path=/", ALLOWED)
    assert not cookies.is_declared("remember_token=x", ALLOWED)
    assert not cookies.is_declared(f"{NAME}2=x", ALLOWED)


def test_the_longest_used_cookie_says_why_it_is_there() -> None:
    assert all(cookie.why for cookie in cookies.declared().values())
