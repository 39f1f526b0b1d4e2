"""Which requests a kept page may answer, and what is kept."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.access.page_cache import page_store
from ckanext.satudata_pontianak.access.page_cache.page_store import Kept, Store, key_of

PLAIN = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/dataset/",
    "QUERY_STRING": "q=air",
    "HTTP_HOST": "data.contoh.go.id",
    "HTTP_USER_AGENT": "Mozilla/5.0",
    "HTTP_ACCEPT": "text/html",
    "HTTP_SEC_FETCH_MODE": "navigate",
    "wsgi.url_scheme": "https",
}


def key(**more: str) -> page_store.Key | None:
    return key_of({**PLAIN, **more}, "2026-11-25")


def test_somebody_without_a_name_has_a_key() -> None:
    assert key() is not None
    assert key() == key(HTTP_USER_AGENT="another")


@pytest.mark.parametrize(
    "more",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
        {"REMOTE_USER": "produsen"},
        {"CONTENT_LENGTH": "12"},
        {"HTTP_AUTHORIZATION": "x"},
        {"HTTP_X_CKAN_API_KEY": "x"},
        {"HTTP_X_UNKNOWN": "x"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_COOKIE": "ckan=1"},
        {"HTTP_COOKIE": "remember_token=1"},
        {"HTTP_COOKIE": "satudata_tema=gelap; ckan=1"},
        {"HTTP_COOKIE": "satudata_tema=gelap; satudata_tema=terang"},
        {"HTTP_COOKIE": "satudata_tema=gelap; ==="},
        {"HTTP_COOKIE": "satudata_tema"},
        {"QUERY_STRING": "q=" + "a" * 5000},
    ],
)
def test_whoever_may_be_somebody_is_answered_anew(more: dict[str, str]) -> None:
    assert key(**more) is None


@pytest.mark.parametrize(
    "more",
    [
        {"QUERY_STRING": "q=api"},
        {"PATH_INFO": "/en/dataset/"},
        {"SCRIPT_NAME": "/data"},
        {"HTTP_HOST": "lain.contoh.go.id"},
        {"HTTP_ACCEPT": "text/turtle"},
        {"HTTP_ACCEPT_LANGUAGE": "en"},
        {"HTTP_COOKIE": "satudata_tema=gelap"},
        {"HTTP_X_FORWARDED_PROTO": "http"},
        {"wsgi.url_scheme": "http"},
    ],
)
def test_what_an_answer_depends_on_makes_another_key(more: dict[str, str]) -> None:
    assert key(**more) not in (None, key())


def test_another_day_makes_another_key() -> None:
    assert key_of(PLAIN, "2026-11-26") not in (None, key())


def page(text: bytes) -> Kept:
    return Kept((("Content-Type", "text/html"),), text, {})


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_page_is_given_under_its_own_generation_alone() -> None:
    store = Store(10**6, 300, Clock())
    store.put("one", ("a",), page(b"old"))
    assert store.get("one", ("a",)) is not None
    assert store.get("two", ("a",)) is None
    # What belonged to another generation is not even kept any longer.
    assert store.get("one", ("a",)) is None


def test_a_page_ends() -> None:
    clock = Clock()
    store = Store(10**6, 300, clock)
    store.put("one", ("a",), page(b"old"))
    clock.now = 301
    assert store.get("one", ("a",)) is None


def test_the_least_used_pages_are_dropped() -> None:
    size = page(b"x" * 1000).size
    store = Store(3 * size, 300, Clock())
    for name in ("a", "b", "c"):
        store.put("one", (name,), page(b"x" * 1000))
    assert store.get("one", ("a",)) is not None
    store.put("one", ("d",), page(b"x" * 1000))
    assert store.get("one", ("b",)) is None
    assert [store.get("one", (n,)) is not None for n in "acd"] == [True] * 3


def test_each_encoding_has_a_tag_of_its_own() -> None:
    kept = page(b"x" * 2000)
    assert len({kept.tag(e) for e in ("identity", "gzip", "br")}) == 3
    assert kept.tag("br") != page(b"y" * 2000).tag("br")
