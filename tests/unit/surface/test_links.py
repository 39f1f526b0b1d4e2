"""What may be an address, and what is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.surface import links
from ckanext.satudata_pontianak.surface.links import BLANKS, ODD, PERSON, SCHEME, problem


@pytest.mark.parametrize(
    "address",
    [
        "https://data.example/a.csv",
        "HTTPS://Data.example/a%20b.csv?x=1&y=a@b#c",
        "http://data.example:8080/",
        "http://[2001:db8::1]/a.csv",
        "https://contoh.go.id/berkas/2025;versi=1/a,b(c).csv",
        "https://kota-pontianak.example/grafik/é.csv",
    ],
)
def test_a_web_address_is_taken(address):
    assert problem(address) is None


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("javascript:alert(1)", SCHEME),
        ("JaVaScRiPt://x/%0aalert(1)", SCHEME),
        ("data:text/html,<script>", SCHEME),
        ("file:///etc/passwd", SCHEME),
        ("ftp://host.example/a.csv", SCHEME),
        ("gopher://host.example/", SCHEME),
        ("//host.example/a.csv", SCHEME),
        ("/dataset/x", SCHEME),
        ("a.csv", SCHEME),
        ("", SCHEME),
        ("http:", SCHEME),
        ("http:/host.example/", SCHEME),
        ("http:host.example", SCHEME),
        ("http://", SCHEME),
        ("http://:80/", SCHEME),
        ("https:///host.example/", SCHEME),
        ("httpsx://host.example/", SCHEME),
        ("view-source:http://host.example/", SCHEME),
        (" https://host.example/", BLANKS),
        ("https://host.example/ ", BLANKS),
        ("java\tscript:alert(1)", BLANKS),
        ("http\n://host.example/", BLANKS),
        ("https://host.example/\r\nSet-Cookie:x", BLANKS),
        ("https://host.example/\0", BLANKS),
        ("https://host.example/a b.csv", BLANKS),
        ("https://host\u200b.example/", BLANKS),
        ("https://host.example/\u202egpj.csv", BLANKS),
        ("https://host.example/\ud800", BLANKS),
        ("https:\\\\host.example\\a", ODD),
        ("https://host.example\\@dalam.example/", ODD),
        ("https://user:sandi@host.example/", PERSON),
        ("https://user@host.example/", PERSON),
        ("https://@host.example/", PERSON),
        ("https://host.example:x/", ODD),
        ("https://host.example:99999/", ODD),
        ("https://[::1/", ODD),
        (None, ODD),
        (0, ODD),
        (["https://host.example/"], ODD),
        ({"url": "https://host.example/"}, ODD),
    ],
)
def test_everything_else_is_refused_with_the_reason(address, wrong):
    assert problem(address) == wrong


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    for address in (text, f"http://{text}", f"{text}://host.example/"):
        assert problem(address) in (None, *vars(links).values())
