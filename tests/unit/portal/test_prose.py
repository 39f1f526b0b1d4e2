"""Markdown on pages: in time that grows with its length, and no picture of another site."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.portal.web import prose


def test_what_people_write_is_drawn() -> None:
    made = prose.rendered("# Judul\n\nKata *penting* dan **tebal**.\n\n- satu\n- dua\n\n`kode`")
    for part in ("<h1>", "<em>penting</em>", "<strong>tebal</strong>", "<li>", "<code>"):
        assert part in made
    assert 'href="https://contoh.id/a"' in prose.rendered("[a](https://contoh.id/a)")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("![peta](https://asing.example/a.png)", "https://asing.example/a.png"),
        ("![](//asing.example/a.png)", "//asing.example/a.png"),
        ('<img src="https://asing.example/a.png" alt="a>b <i>">', "https://asing.example/a.png"),
        ("<img src=https://asing.example/a.png onerror=x srcset=b>", "https://asing.example/a.png"),
        ("![p][1]\n\n[1]: http://asing.example/b.png", "http://asing.example/b.png"),
        ("[![p](http://asing.example/b.png)](http://lain.example)", "http://asing.example/b.png"),
    ],
)
def test_a_picture_is_a_link_that_shows_its_address(text, address) -> None:
    made = prose.rendered(text)
    assert not any(sign in made for sign in ("<img", "src", "onerror"))
    assert f'<a href="{address}"' in made
    assert f">{address}</a>" in made or f"({address})</a>" in made


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "<iframe src=//a></iframe>",
        "![x](javascript:alert(1))", "![x](data:image/png;base64,AA)",
        "<a href='data:text/html,x'>",
        '<p style="background:url(//asing.example/a)">x</p>', "<svg><image href='//a'/></svg>",
        "<video src=//a poster=//b>", "<table background='//a'>", '![a" onerror="x](b)',
    ],
)  # fmt: skip
def test_nothing_runs_and_nothing_is_asked_for(text) -> None:
    made = prose.rendered(text)
    for sign in ("<script", '="javascript:', "<iframe", "style=", "<image", "<video", '="data:'):
        assert sign not in made
    assert "background=" not in made
    assert "<img" not in made
    assert 'onerror="' not in made


HOSTILE = [
    "_ a_",
    "`", "`a", "[", "![", "*a_", "**a *", ">", "> ", "- ", "<", "<a ", "<!--", "&#", "\\", "[x]",
    "[a](b ", "a\n", "> a\n", "<http://",
    '[a](b "', "1. ", "*_`[<&!", "<img src=", "tag:\"", "]", "|a",
    "https://a.", "<img a=\"",
]  # fmt: skip


@pytest.mark.slow
def test_nine_hundred_backticks_and_their_like_are_drawn_at_once() -> None:
    """Each took core's renderer seconds to minutes; together they are drawn within the test."""
    for sign in ["`" * 900, *(sign * (20_000 // len(sign)) for sign in HOSTILE)]:
        assert prose.rendered(sign) is prose.rendered(sign), "drawn once, and kept"
        prose.plain(sign)
        prose._PICTURE.sub("", "<img" + ' a="' * 5000)


def test_what_is_too_long_to_be_a_description_stays_as_it_was_written() -> None:
    text = "*a* <b>\n" * 5000
    made = prose.rendered(text)
    assert "&lt;b&gt;" in made
    assert "<em>" not in made
    assert made.count("*a*") == 5000


def test_an_extract_ends_between_words() -> None:
    text = "Jumlah **penduduk** menurut [kecamatan](https://contoh.id) di Kota Pontianak."
    assert prose.extract(text, 0) == prose.plain(text)
    assert (
        prose.extract(text, 200).strip() == "Jumlah penduduk menurut kecamatan di Kota Pontianak."
    )
    assert prose.extract(text, 27) == "Jumlah penduduk menurut..."
    assert len(prose.extract("a" * 5000, 190)) == 190
    assert prose.extract("a & b", 0).strip() == "a & b"
