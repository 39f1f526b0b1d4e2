"""What a search may be asked over HTTP: what is declared, and no answer tells of what is unseen."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from ckanext.satudata_pontianak.surface.parameters import search as declared

API = "/api/3/action/"
OWN_QUERY = re.compile(r"permission_labels|capacity:|site_id|SOLR|org\.apache|satudata_indexed")

WRONG = [
    ("sort", "sleep(4000,1) asc"), ("sort", "title_string"), ("sort", "text desc"),
    ("fl", "score"), ("fl", "x:sleep(4000,1)"), ("fl", "[explain]"), ("fl", "data_dict"),
    ("facet.mincount", "0"), ("facet.limit", "-1"), ("facet.field", '["permission_labels"]'),
    ("facet.field", '["{!key=x}tags"]'), ("rows", "-1"), ("start", "99999999999"),
    ("include_private", "perhaps"), ("extras", "x"),
    *((name, "1") for name in (
        "bf boost defType qf df mm tie wt pf ps q.op uf bq fq.op facet.prefix facet.contains "
        "facet.query facet.sort f.tags.facet.mincount json.facet hl mlt stats group debugQuery "
        "shards cursorMark rq ext_x abort_search __extras __junk"
    ).split()),
]  # fmt: skip
UNREADABLE = [
    '"', "air (bersih", "{!func}sleep(4000,1)", "{!join from=id to=id}x", "title:)(", "air^1.2.3",
    '_query_:"{!func}sleep(4000,1)"', r'_q\u0075ery_:"{!func v=sleep(4000,1)}"', "_val_:1",
    r'\_val\_:"sleep(4000,1)"', "/a.*/", "*air", "permission_labels:public", "data_dict:nik",
    "title:[a* TO b]", "a OR " * 250 + "a", "(" * 40 + "a" + ")" * 40,
]  # fmt: skip


def api(app, action: str, **params: Any):
    return app.get(API + action, query_string=params)


@pytest.mark.usefixtures("with_plugins", "clean_index")
def test_what_is_not_declared_is_refused_by_name_and_at_once(app) -> None:
    begun = time.monotonic()
    for name, value in WRONG:
        answer = api(app, "package_search", **{name: value})
        assert answer.status_code == 409, (name, value)
        assert name in answer.get_json()["error"], (name, value)
        said = answer.get_data(as_text=True).replace("'permission_labels'", "")
        assert not OWN_QUERY.search(said), (name, value)
    # The same in a body, where values are of other kinds.
    for body in ({"facet.limit": -1}, {"facet.mincount": 0}, {"__extras": {"bf": "sleep(1,1)"}},
                 {"fl": {"score": 1}}, {"sort": ["id asc"]}, {"q": {"a": 1}}):  # fmt: skip
        answer = app.post(f"{API}package_search", json=body)
        assert answer.status_code == 409, body
        assert set(body) <= set(answer.get_json()["error"]), body
    for action, name in (
        ("resource_search", "defType"), ("tag_search", "fl"), ("tag_autocomplete", "sort"),
        ("tag_list", "fq"), ("format_autocomplete", "fq"), ("package_autocomplete", "fl"),
        ("satudata_search_suggest", "facet.mincount"), ("dcat_catalog_search", "sort"),
        ("dcat_catalog_show", "bf"), ("dcat_datasets_list", "fl"),
    ):  # fmt: skip
        given = {"q": "air", "query": "name:air"} if "search" not in action else {}
        answer = api(app, action, **{**given, name: "1"})
        assert answer.status_code == 409, action
        assert {name, "q", "query"} & set(answer.get_json()["error"]), action
    assert time.monotonic() - begun < 60


@pytest.mark.usefixtures("with_plugins", "clean_index")
def test_what_cannot_be_read_is_400_for_a_program_and_words_for_a_page(app) -> None:
    for q in UNREADABLE:
        for name in ("q", "fq"):
            answer = api(app, "package_search", **{name: q})
            assert answer.status_code == 400, (name, q)
            said = answer.get_data(as_text=True)
            assert f"{name}: " in said, said
            assert not OWN_QUERY.search(said.replace(q, "")) or "permission_labels" in q, said
        assert app.get("/dataset/", query_string={"q": q}).status_code == 200, q
    # Solr's own word on it, such as of a day that is none, does not come out either.
    answer = api(app, "package_search", fq="metadata_modified:[kemarin TO *]")
    assert answer.status_code == 400
    assert not OWN_QUERY.search(answer.get_data(as_text=True))
    for q in ("\\", '"', "a\\", "[]", "{!x}"):
        answer = api(app, "package_autocomplete", q=q)
        assert answer.status_code == 200, q
    for asked in ({"q": "{!func}1"}, {"q": '"'}):
        answer = app.get("/catalog.jsonld", query_string=asked)
        assert 400 <= answer.status_code < 500, asked
        assert not OWN_QUERY.search(answer.get_data(as_text=True))


@pytest.mark.usefixtures("with_plugins", "clean_index")
def test_pages_do_not_wait_for_what_an_address_asks(app) -> None:
    begun = time.monotonic()
    for asked in (
        {"sort": "sleep(4000,1) asc"},
        {"q": '_val_:"sleep(4000,1)"'},
        {"q": "{!func}sleep(4000,1)"},
        {"tags": 'a" OR _val_:"sleep(4000,1)'},
        {"_query_": "{!func}sleep(4000,1)"},
        {"fl": "sleep(4000,1)"},
    ):
        assert app.get("/dataset/", query_string=asked).status_code == 200, asked
    assert time.monotonic() - begun < 20


def questions() -> list[tuple[str, dict[str, Any]]]:
    """Return one question for each way in which a number, an order or a list might tell."""
    fields = declared()
    asked: list[tuple[str, dict[str, Any]]] = [
        ("package_search", {"facet.field": json.dumps(fields.named("facet")), "facet.limit": 1000}),
        ("package_search", {"q": "title:kenangan OR title:ingatan^1.05", "fl": "name"}),
        ("package_search", {"q": "title:kenangan^1.05 OR title:ingatan", "fl": "name"}),
        ("package_search", {"q": "kenangan OR ingatan^1.01", "fl": "name"}),
        ("package_search", {"q": "kenangan^1.01 OR ingatan", "fl": "name"}),
        ("package_search", {"q": "rahasia kenangan ingatan", "fl": "name"}),
        ("package_search", {"q": "ingatan~1 OR kenanga*", "fl": "name"}),
        ("package_search", {"q": "*:*", "fl": "*", "rows": 1000}),
        ("package_search", {"include_private": True, "include_drafts": True, "fl": "name"}),
        ("package_search", {"fq": "+state:(draft OR active OR deleted)", "include_deleted": True}),
        ("package_search", {"use_default_schema": True, "fl": "name"}),
        *(
            ("package_search", {"q": f"{field}:*", "rows": 0, "facet": False})
            for field in fields.named("search")
            if field not in fields.values
        ),
        *(
            ("package_search", {"sort": f"{field} {way}", "fl": "name", "start": start})
            for field in fields.named("sort")
            for way, start in (("asc", 0), ("desc", 1))
        ),
        ("satudata_search_suggest", {"q": "ingat"}),
        ("satudata_search_suggest", {"q": "rahas"}),
        ("satudata_search_suggest", {"q": "rahasja"}),
        ("package_autocomplete", {"q": "ingatan", "limit": 1}),
        ("tag_search", {"query": "tanda", "limit": 1}),
        ("tag_search", {"query": "tanda", "limit": 0}),
        ("tag_autocomplete", {"query": "tanda", "limit": 1}),
        ("tag_list", {"query": "tanda"}),
        ("format_autocomplete", {"q": "cs", "limit": 1}),
        ("resource_search", {"query": "name:data", "limit": 0}),
        ("resource_search", {"query": "name:data", "offset": 1, "limit": 1}),
        ("dcat_catalog_search", {"q": "ingatan", "format": "ttl"}),
        ("organization_list", {"all_fields": True, "include_dataset_count": True}),
        ("organization_show", {"id": "dinkes", "include_datasets": True}),
    ]
    return asked


def told(app, token: dict[str, str]) -> list[tuple[int, str]]:
    """Return what each question is answered, without what changes by itself."""
    answers = []
    for action, asked in questions():
        answer = app.get(API + action, query_string=asked, headers=token)
        text = re.sub(r"N[0-9a-f]{32}|[0-9-]+T[0-9:.+]+", "", answer.get_data(as_text=True))
        answers.append((answer.status_code, "\n".join(sorted(text.split("\n")))))
    return answers


def test_an_unseen_dataset_changes_no_answer(app, city) -> None:
    """Facets, counts, orders, suggestions, lists, sizes: the same with it as without."""
    for title in ("Data kenangan warga", "Data ingatan kota"):
        city.publish(title=title, tag_string="tandabuku")
    who = [city.token(None), city.token("warga")]
    before = [told(app, token) for token in who]
    assert {status for answers in before for status, _ in answers} == {200}
    for n in range(3):
        city.dataset(
            title=f"Data ingatan rahasia ingatan {n}",
            notes="ingatan " * 20,
            tag_string="tandabaca,aatanda",
        )
    after = [told(app, token) for token in who]
    for old, new in zip(before, after, strict=True):
        for question, one, other in zip(questions(), old, new, strict=True):
            assert one == other, question


def test_no_facet_names_a_value_that_nobody_counts(app, city) -> None:
    city.dataset(tag_string="hanyadraf")
    for asked in ({}, {"facet.mincount": 1}, {"facet.limit": 1000}, {"q": "tidakadasamasekali"}):
        answer = api(
            app, "package_search", **{"facet.field": json.dumps(declared().named("facet"))}, **asked
        ).get_json()["result"]
        for facet in answer["facets"].values():
            assert all(facet.values()), asked
        assert "hanyadraf" not in json.dumps(answer)
