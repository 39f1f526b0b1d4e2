"""Questions are read into what is declared and written anew; nothing of a caller's text is sent."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.surface import search_query
from ckanext.satudata_pontianak.surface.parameters import Refused, search
from ckanext.satudata_pontianak.surface.search_query import Unreadable, fields_of, read, write

SIGNS = [
    *r"""abé AZ09 :"'()[]{}+-!&|~*?^\/<>=#,;%@$`_.""", "\n", "\t", "\x00", "\u2028", "\ud800", "😀",
]  # fmt: skip
PARTS = [
    "AND", "OR", "NOT", "TO", "&&", "||", "{!func}", "{!join from=id to=id}", "_query_:",
    "_val_:", r"_q\u0075ery_:", r"\_query\_:", "sleep(4000,1)", "filter(", "/* */", "//", "$q",
    "*:*", "title:", "tags:", "permission_labels:", "satudata_freshness:late", "[a TO b]",
    "{* TO NOW-1DAY}", "air~1", '"air bersih"', '"a b"~3', "^2", "^=3", ">=5", r"\u007b\u0021",
    "urusan:1.02", "(", ")", '"',
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS) | st.text(st.sampled_from(SIGNS), max_size=6), max_size=14)


def plain_states(field: str, value: str) -> str:
    return f"{field}:{value}"


def names_in(written: str) -> set[str]:
    """Return what stands before a colon, as Solr finds it: outside of quotes, not escaped."""
    bare = re.sub(r"\\.", "\\\\", re.sub(r'"(?:\\.|[^"\\])*"', '""', written))
    return {name.lstrip("+-(") for name in re.findall(r"([^\s:]*):", bare)}


@given(TEXTS.map(" ".join) | TEXTS.map("".join) | st.text(max_size=60))
@example('*:* _query_:"{!func}sleep(4000,1)"')
@example(r"\*:\*")
@example("(a^2)^3 OR -(b -c) tags:(-a)")
def test_what_is_written_is_read_as_the_same_and_names_declared_fields_only(text: str) -> None:
    try:
        node = read(text)
    except Refused:
        return
    if node is None:
        return
    assert fields_of(node) - {"*"} <= set(search().named("search"))
    for signed in (False, True):
        written = write(node, plain_states, signed=signed)
        assert read(written) == node
        assert names_in(written) - {"*"} <= set(search().named("search"))
        assert not re.search(r"(?<!\\)\{!|(?<!\\)/|filter\(", written)
        written.encode("utf-8")


@given(TEXTS.map(" ".join))
def test_for_a_page_what_names_an_undeclared_field_is_left_out(text: str) -> None:
    try:
        node = read(text, lenient=True)
    except Refused:
        return
    assert node is None or fields_of(node) - {"*"} <= set(search().named("search"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("title:air", "title:air"),
        ("air bersih", "+air +bersih"),
        ("a OR b AND -c", "a OR (+b -c)"),
        ("a b OR c", "+a +(b OR c)"),
        ("-a", "+*:* -a"),
        ("tags:(a -b)", "tags:(+a -b)"),
        ('tags: "air bersih"', 'tags:"air bersih"'),
        ("title:kenari*", "title:kenari*"),
        ("owner_org:*", "owner_org:[* TO *]"),
        ("tahun:>=2020", 'tahun:["2020" TO *]'),
        ("metadata_modified:[NOW-7DAYS TO *}", r'metadata_modified:["NOW\-7DAYS" TO *}'),
        (r"title:\{\!func\}", r"title:\{\!func\}"),
        (r"\u007b\u0021func", r"\{\!func"),
        ('title:"{!func}sleep(1,1)"', r'title:"\{\!func\}sleep\(1\,1\)"'),
        ("puskemas~", "puskemas~2"),
        ("filter(air)", "+filter +air"),
        ("TO", r"\TO"),
        ("& air", "air"),
        ("*:*", "*:*"),
        ("&", None),
        ("", None),
    ],
)
def test_a_question_is_written_anew(text: str, written: str | None) -> None:
    node = read(text)
    assert (None if node is None else write(node, plain_states)) == written


def test_a_filter_has_a_sign_before_each_part() -> None:
    """CKAN looks for "+state" in it, and other rules than ours join what has no sign."""
    node = read("state:deleted tags:a")
    assert node is not None
    assert write(node, plain_states, signed=True) == "+state:deleted +tags:a"


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "air (bersih",
        "{!func}x",
        "a:)(",
        "x^1.2.3",
        "'a'",
        "\x00",
        "\ud800",
        r"\u0000",
        r"a\ud800",
    ],
)
def test_what_does_not_parse_says_so(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('_query_:"{!join}x"', "_query_"),
        (r"_q\u0075ery_:x", "cannot be searched"),
        (r"\_val\_:x", "cannot be searched"),
        ("permission_labels:public", "permission_labels"),
        ("title:(air OR data_dict:x)", "data_dict"),
        ("*:air", "cannot be searched"),
        ("/a.*/", "Regular expressions"),
        ("title:/a.*/", "Regular expressions"),
        ("*air", "before a * or ?"),
        ("title:?ir", "before a * or ?"),
        ("a*b*c*d*e*", "at most 4"),
        ("abc~1", "at least 4 letters"),
        ("abcd~3", "up to 2"),
        ('"a b"~101', "up to 100"),
        ("air^101", "up to 100"),
        ("air^0", "above 0"),
        ("[a TO b]", "belongs to a field"),
        ("title:[a* TO b]", "one value to another"),
        ("satudata_freshness:basi", "basi"),
        ("satudata_freshness:*", "fresh, due, late, unknown"),
        ("(" * 13 + "a" + ")" * 13, "12 levels"),
        ("a " * 201, "200 parts"),
    ],
)
def test_what_is_not_declared_is_refused(text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert says in refused.value.text()


def test_states_are_asked_for_by_what_the_index_keeps() -> None:
    node = read("-satudata_freshness:(late OR due)")
    assert node is not None
    assert write(node, lambda _f, state: f"day:{state}") == "+*:* -((day:late) OR (day:due))"


def test_many_threads_read_at_once() -> None:
    texts = [f'title:"a{n} b" OR tags:c{n} -(d{n} e)' for n in range(200)]
    alone = [read(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, texts)) == alone


def test_a_value_is_quoted_whatever_stands_in_it() -> None:
    assert search_query.quoted('a"b\\ {!x}\x00') == r'"a\"b\\ \{\!x\}"'
