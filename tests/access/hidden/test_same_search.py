"""What somebody may not know of changes nothing that they find: no count, order, score or size.

Every search is asked before there is a dataset that its caller may not know of, and again after:
with fields that may be searched, sorted by and counted. Both answers are the same bytes. A run
looks into some of the fields, other ones for each caller; `bin/test long` into all of them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ckan import model

from ckanext.satudata_pontianak.surface.parameters import search

from ...city import AXES_LIMITED, upload
from ..doors import Try
from ..probes import word
from .test_same_answer import answer as said_by
from .test_same_answer import as_on_a_server, first_difference

__all__ = ["as_on_a_server"]

SHARED = "kenari"
API = "/api/3/action/"
WHOLE = "SATUDATA_LONG" in os.environ
PART = 6
CALLERS = (None, "produsen_lain")


def some(fields: Sequence[str], turn: int) -> Sequence[str]:
    """Return the fields of a run."""
    return fields if WHOLE else fields[turn::PART]


def texts(own: str) -> dict[str, str]:
    """Return what a dataset says, with a shared word and one of its own in each text."""
    said = f"{SHARED} {own}"
    return {
        "title": said,
        "notes": said,
        "tag_string": f"{SHARED},{own}",
        "konsep": said,
        "definisi": said,
        "klasifikasi_penyajian": said,
        "ukuran": said,
        "satuan": said,
        "rumus": said,
        "interpretasi": said,
        "variabel_pembangun": said,
        "rujukan": said,
        "version": own,
        "author": said,
        "maintainer": said,
    }


def searches(turn: int) -> Iterator[Try]:
    """Return a search by each field, sorted by each, with the counts of all.

    :param turn: which part of the fields, where not all of them.
    """
    declared = search()
    facets = json.dumps(declared.named("facet"))

    def post(action: str, **given: Any) -> Try:
        return Try("POST", API + action, json.dumps(given))

    counted = {"facet.field": facets, "facet.limit": 1000}
    yield post("package_search", q=SHARED, rows=0, **counted)
    yield post("package_search", rows=100, include_private=True, include_drafts=True, **counted)
    for field in some(declared.named("search"), turn):
        yield post("package_search", q=f"{field}:{SHARED}", rows=5, fl="id,name")
        yield post("package_search", fq=f"-{field}:{SHARED}*", rows=5, fl="id")
    for field in declared.named("sort"):
        yield post("package_search", q=f"{SHARED} OR data", sort=f"{field} desc", fl="id")
    for q in (f"{SHARED}~", f'"{SHARED} data"~9', "kenarl", f"{SHARED[:3]}*", "data kenari kota"):
        yield post("package_search", q=q, rows=5)
        yield post("satudata_search_suggest", q=q[:6])
        yield Try("GET", f"/dataset/?q={q}")
    for action, key in (
        ("package_autocomplete", "q"),
        ("satudata_search_suggest", "q"),
        ("tag_autocomplete", "query"),
        ("tag_search", "query"),
        ("tag_list", "query"),
        ("format_autocomplete", "q"),
    ):
        yield post(action, **{key: SHARED[:4]})
        yield post(action, **{key: "c"})
    for column in some(("name", "id", "description", "format", "url"), 0):
        for order in some(("name", "created", "position"), 0):
            yield post("resource_search", query=f"{column}:a", order_by=order, limit=1)
    for action in ("organization_list", "group_list"):
        yield post(action, all_fields=True, include_dataset_count=True, sort="package_count desc")
    yield post("organization_show", id="dinkes", include_datasets=True, include_dataset_count=True)
    yield post("group_package_show", id="dinkes", limit=1)
    yield post("dcat_datasets_list", page=1)
    yield post("recently_changed_packages_activity_list", limit=5)
    yield post("package_list", limit=1, offset=1)
    yield post("current_package_list_with_resources", limit=1, offset=1)
    for path in (
        "/", "/organization/", "/organization/dinkes", "/feeds/dataset.atom", "/catalog.ttl",
        "/dcat.json", "/topik", "/wilayah", "/kalender-rilis", "/satudata/dip", "/satudata/dip.csv",
        "/feeds/organization/dinkes.atom", f"/feeds/custom.atom?q={SHARED}",
    ):  # fmt: skip
        yield Try("GET", path)


def answered(app: Any, headers: dict[str, str], one: Try, names: dict[str, str]) -> str:
    """Return an answer without its mark: that is a digest of the words that were asked."""
    return re.sub(r'(?<=ETag: W/")[0-9a-f]{24}', "", said_by(app, headers, one, names))


def all_answers(app: Any, city: Any) -> dict[str, str]:
    """Return what each search answers each caller now."""
    return {
        f"{who}: {one.path} {one.body or ''}": answered(app, city.token(who), one, {})
        for turn, who in enumerate(CALLERS)
        for one in searches(turn)
    }


def test_a_dataset_that_is_unseen_changes_no_answer(
    city, as_on_a_server, work, record_property
) -> None:
    for own in ("merah", "putih"):
        work(city.publish(**texts(own)))
    before = all_answers(as_on_a_server, city)
    assert sum("merah" in text for text in before.values()) > 20
    record_property("counts", {"searches before and after": len(before)})
    hidden = word()
    file = upload(f"{hidden},penduduk\n{SHARED},145200\n".encode(), f"{hidden}.csv")
    city.dataset(file=file, **texts(hidden))
    city.step("produsen", city.dataset(**texts(hidden)), "submit")
    sealed = city.dataset(
        file=False, **{**AXES_LIMITED, "tingkat_keamanan": "rahasia"}, **texts(hidden)
    )
    city.step("produsen", sealed, "submit")
    city.step("walidata", sealed, "refer", catatan="Perlu diuji")
    model.Session.rollback()
    after = all_answers(as_on_a_server, city)
    differ = [
        f"{asked}: {first_difference(said, after[asked])}"
        for asked, said in before.items()
        if said != after[asked]
    ]
    assert not differ, "\n".join(differ)


@pytest.mark.parametrize("who", CALLERS)
def test_words_of_what_is_unseen_find_what_unknown_words_find(city, as_on_a_server, who) -> None:
    headers, hidden, unknown = city.token(who), word(), word()
    city.publish(**texts("merah"))
    file = upload(f"{hidden},penduduk\nx,145200\n".encode(), f"{hidden}.csv")
    dataset = city.dataset(file=file, name=f"dinkes-{hidden}", **texts(hidden))
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, name=hidden, description=hidden)
    forms = [
        "{}",
        '"{}"',
        "{}*",
        "{}~",
        f"{SHARED} OR {{}}",
        f"{SHARED} -{{}}",
        f"({{}})^3 {SHARED}",
    ]
    fields = some(search().named("search"), CALLERS.index(who))
    forms += [f"{field}:{{}}" for field in fields]
    tries = [("package_search", key, form) for key in ("q", "fq") for form in forms]
    tries += [
        (action, key, "{}")
        for action, key in (
            ("package_autocomplete", "q"),
            ("satudata_search_suggest", "q"),
            ("tag_autocomplete", "query"),
            ("tag_search", "query"),
            ("tag_list", "query"),
            ("dcat_catalog_search", "q"),
            ("dcat_datasets_list", "fq"),
            ("organization_autocomplete", "q"),
            ("group_autocomplete", "q"),
        )
    ]
    tries += [("resource_search", "query", f"{c}:{{}}") for c in ("name", "description", "url")]
    differ = []
    for action, key, form in tries:
        said = []
        for text in (hidden, unknown):
            body = json.dumps({key: form.format(text)})
            one = Try("POST", API + action, body)
            said.append(answered(as_on_a_server, headers, one, {"word": text}))
        if said[0] != said[1]:
            differ.append(f"{action} {key}={form}: {first_difference(*said)}")
    for path in ("/dataset/?q={}", "/saran?q={}", "/satudata/dip?q={}", "/feeds/custom.atom?q={}"):
        said = [
            answered(as_on_a_server, headers, Try("GET", path.format(text)), {"word": text})
            for text in (hidden, unknown)
        ]
        if said[0] != said[1]:
            differ.append(f"{path}: {first_difference(*said)}")
    assert not differ, "\n".join(differ)
