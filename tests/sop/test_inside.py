"""SOPs that PPID has not tested yet stay inside: for others there is no such document."""

from __future__ import annotations

import re

import pytest

from ckanext.satudata_pontianak.sop.documents import library

INSIDE = [name for name, document in library.documents().items() if not document.public]
FORMS = ("", ".pdf", ".docx", ".json")
TOKEN = re.compile(rb"[\w-]{40,}\.[\w-]{6}\.[\w-]{20,}")
"""Another on each page, of whoever is logged in."""
OUTSIDE = (None, "warga", "produsen")


def answered(city, app, who: str | None, address: str, name: str) -> tuple:
    """Return all of an answer but the name that was asked for."""
    answer = app.get(address, headers=city.token(who) if who else {})
    varying = ("Content-Length", "Date", "X-Request-ID", "Set-Cookie")
    heads = sorted((key, value) for key, value in answer.headers if key not in varying)
    body = TOKEN.sub(b"", answer.data.replace(name.encode(), b"NAME"))
    return answer.status_code, heads, body


def test_three_are_inside() -> None:
    assert INSIDE == ["kerentanan", "log-kunci", "kontinuitas"]


@pytest.mark.parametrize("who", OUTSIDE)
def test_they_answer_as_an_unknown_name_does_in_bytes(city, app, who: str | None) -> None:
    for name in INSIDE:
        unknown = "z" * len(name)
        for form in FORMS:
            hidden = answered(city, app, who, f"/satudata/sop/{name}{form}", name)
            assert hidden[0] == 404
            assert hidden == answered(city, app, who, f"/satudata/sop/{unknown}{form}", unknown)


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_list_and_no_other_document_names_them(city, app, who: str | None) -> None:
    titles = [library.shown(name)["title"] for name in INSIDE]
    addresses = ["/satudata/sop", "/satudata/keamanan"]
    addresses += [f"/satudata/sop/{name}.json" for name in library.public()]
    for address in addresses:
        body = app.get(address, headers=city.token(who) if who else {}).body
        for name, title in zip(INSIDE, titles, strict=True):
            assert f"/satudata/sop/{name}" not in body, address
            assert title not in body, address


@pytest.mark.parametrize("who", ["walidata", "pengawas", "admin"])
def test_who_carries_a_role_reads_them_and_no_cache_keeps_them(city, app, who: str) -> None:
    index = app.get("/satudata/sop", headers=city.token(who)).body
    for name in INSIDE:
        assert f"/satudata/sop/{name}" in index
        assert app.get(f"/satudata/sop/{name}", headers=city.token(who)).status_code == 200
        file = app.get(f"/satudata/sop/{name}.json", headers=city.token(who))
        assert file.status_code == 200
        assert "no-store" in file.headers["Cache-Control"]
    # Who read them does not give them to who comes next.
    assert app.get(f"/satudata/sop/{INSIDE[0]}").status_code == 404
