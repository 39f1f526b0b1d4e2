"""What is too long is refused at the first bound that it passes."""

from __future__ import annotations

import json

import pytest

from ckanext.satudata_pontianak.surface import bounds
from ckanext.satudata_pontianak.surface.bounds import Refused, Walk

MOST = bounds.bounds()


def refused(value, name="") -> Refused:
    with pytest.raises(Refused) as refusal:
        Walk().value(value, name)
    return refusal.value


def nested(levels: int):
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"resource_id": "x" * 101}, "text"),
        ({"notes": "x" * 20_001}, "text"),
        ({"unheard_of": "x" * 20_001}, "text"),
        ({"resources": [{"name": "x" * 301}]}, "text"),
        ({"tags": [{"name": "a"}] * 201}, "entries"),
        ({"unheard_of": ["a"] * 2001}, "entries"),
        ({f"k{n}": 1 for n in range(501)}, "entries"),
        ({"k" * 201: 1}, "name"),
        (nested(21), "depth"),
        ({"filters": "[" * 21}, "depth"),
        ({"filters": '{"a":' * 21}, "depth"),
        ({"limit": 10**30}, "number"),
        ({"limit": 10**16}, "number"),
        ({"limit": float("nan")}, "number"),
        ({"x": float("inf")}, "number"),
        ([["a"] * 2000] * 100, "values"),
        ({"notes": "a\x00"}, "sign"),
        ({"resources": [{"name": "\ud800"}]}, "sign"),
        ({"notes": ["a", "\udfff b"]}, "sign"),
        ({"a\x00": 1}, "sign"),
    ],
)
def test_what_passes_a_bound_is_refused(value, kind) -> None:
    refusal = refused(value)
    assert refusal.kind == kind
    assert str(refusal.message)


def test_what_a_dataset_really_has_passes() -> None:
    Walk().value(
        {
            "name": "x" * 100,
            "title": "x" * 300,
            "notes": "x" * 20_000,
            "tags": [{"name": "x" * 100}] * 200,
            "resources": [{"url": "https://x/" + "y" * 1900, "description": "x" * 9000}] * 1000,
            "private": False,
            "limit": 1_000_000,
            "filters": '{"a": ["[[[[", "{{{{"]}',
            "nothing": None,
        }
    )


def test_pairs_and_every_other_character_pass() -> None:
    Walk().value({"notes": "😀 \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")})
    Walk().value({"notes": "\x01\x7f\u2028\ufeff\uffff\U0010ffff", "baris": "a\r\nb"})


def test_what_is_told_of_a_strange_name_can_be_written() -> None:
    told = refused({"\ud800\x00x": "y" * 30_000}).field
    assert told.encode() == "\ufffd\ufffdx".encode()


def test_the_end_of_a_line_counts_as_one_as_in_a_browser() -> None:
    lines = "x" * 9_998 + "\r\n" * 2 + "x" * 10_000
    Walk().value({"notes": lines})
    assert refused({"notes": lines + "x"}).kind == "text"


def test_a_field_of_a_form_has_the_bound_of_its_own_name() -> None:
    Walk().fields([("resources__0__description", ["x" * 20_000])])
    with pytest.raises(Refused) as refusal:
        Walk().fields([("resources__0__id", ["x" * 101])])
    assert refusal.value.field == "id"
    with pytest.raises(Refused):
        Walk().fields([("id", ["x"] * 2001)])
    with pytest.raises(Refused):
        Walk().fields([(f"f{n}", ["x"]) for n in range(1001)])


@pytest.mark.parametrize(
    "data",
    [b"[" * 21, b'{"a":' * 1000, b'"\\"' + b"[" * 30, b"," * 60_001, b'"' + b'\\"' * 9 + b'"[' * 41]
)  # fmt: skip
def test_deep_json_is_refused_before_it_is_parsed(data) -> None:
    if data.startswith(b'"\\"['):
        bounds.text_of_json(data)  # brackets within a text are none
        return
    with pytest.raises(Refused):
        bounds.text_of_json(data)


def test_flat_json_passes() -> None:
    bounds.text_of_json(json.dumps([{"a": "[[[[{{{{" * 20, "b": [1]}] * 1000).encode())


@pytest.mark.parametrize(
    ("path", "files", "known", "most"),
    [
        ("/api/action/package_show", True, True, 4_000_000),
        ("/api/3/action/resource_create", True, True, 4_000_100),
        ("/api/3/action/resource_create", True, False, 300_000),
        ("/api/3/action/package_search", False, False, 300_000),
        ("/dataset/x/resource/y/edit", True, False, 300_000),
        ("/api/3/action/resource_create", False, True, 4_000_000),
        ("/dataset/x/resource/y/edit", True, True, 1_000_100),
        ("/dataset/x/resource/y/edit/z", True, True, 1_000_000),
        ("/dataset", True, True, 1_000_000),
        ("/", True, True, 1_000_000),
        ("", True, True, 1_000_000),
    ],
)
def test_only_a_form_for_files_may_be_as_large_as_one(path, files, known, most) -> None:
    given = bounds.largest_body(path, form_with_files=files, known=known, upload=100)
    assert given == most


@pytest.mark.parametrize(
    ("path", "headers"), [("/dataset/a\x00b", []), ("/", [("HTTP_REFERER", "a\x00")])]
)
def test_a_nul_before_the_body_is_refused(path, headers) -> None:
    with pytest.raises(Refused) as refusal:
        bounds.head(path, "", headers)
    assert refusal.value.status == 400


def test_what_stands_before_the_body_is_bounded() -> None:
    bounds.head("/x", "q=y", [("HTTP_HOST", "a")])
    for path, query, headers, status in (
        ("/" + "x" * 4000, "", [], 414),
        ("/", "q=" + "x" * 8000, [], 414),
        ("/", "a&" * 300, [], 414),
        ("/", "", [("HTTP_COOKIE", "x" * 8201)], 431),
        ("/", "", [(f"HTTP_X{n}", "x" * 1000) for n in range(40)], 431),
    ):
        with pytest.raises(Refused) as refusal:
            bounds.head(path, query, headers)
        assert refusal.value.status == status


def test_no_field_is_named_twice_and_every_bound_is_positive() -> None:
    names = [name for kind in MOST.texts for name in kind.names]
    assert len(names) == len(set(names))
    assert all(kind.characters > 0 for kind in MOST.texts)
