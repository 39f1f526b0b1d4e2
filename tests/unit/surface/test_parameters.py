"""Parameters of searches: what is not declared is refused by name, and so is what is too much."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface.parameters import Refused, checked, search
from ckanext.satudata_pontianak.surface.repeating import repeated

UNDECLARED = (
    "bf boost defType qf df mm tie wt pf ps q.op uf bq lowercaseOperators stopwords rq cursorMark "
    "facet.prefix facet.contains facet.query facet.range facet.pivot facet.sort facet.offset "
    "facet.method f.tags.facet.limit json.facet json group group.field hl hl.fl mlt mlt.fl stats "
    "stats.field debug debugQuery explainOther shards shards.qt qt stream.body stream.url tr "
    "collapse expand terms spellcheck elevate timeAllowed omitHeader echoParams indent v useParams "
    "ext_x ext_bbox abort_search __extras __junk __before permission_labels ignore_auth context"
).split()


@pytest.mark.parametrize("name", UNDECLARED)
def test_a_parameter_that_is_not_declared_is_refused_by_name(name: str) -> None:
    for action in search().actions:
        if name in search().actions[action]:
            continue
        with pytest.raises(Refused) as refused:
            checked(action, {name: "1"})
        assert refused.value.parameter == name
        assert name in refused.value.text()
    assert checked("package_search", {name: "1"}, lenient=True) == {}


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"sort": "score desc, metadata_modified ASC"}, "score desc, metadata_modified asc"),
        ({"rows": "20"}, 20),
        ({"start": 0}, 0),
        ({"facet": "false"}, False),
        ({"include_private": True}, True),
        ({"facet.field": '["tags", "tags", "urusan"]'}, ["tags", "urusan"]),
        ({"facet.field": "tags"}, ["tags"]),
        ({"fl": "id, title"}, ["id", "title"]),
        ({"fl": ["id title", "name"]}, ["id", "title", "name"]),
        ({"q": "air"}, "air"),
    ],
)
def test_what_is_declared_is_taken_in_one_form(given: dict[str, Any], taken: Any) -> None:
    (name,) = given
    assert checked("package_search", given) == {name: taken}


def test_what_says_nothing_is_not_there() -> None:
    assert checked("package_search", {"q": "", "rows": None, "sort": "rank", "extras": {}}) == {}
    assert checked("resource_search", {"order_by": "rank"}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "sleep(4000,1) asc"), ("sort", "title_string"), ("sort", "text asc"),
        ("sort", "id asc; drop"), ("sort", "$q asc"), ("sort", "{!func}id asc"),
        ("sort", "id asc," * 5 + "id asc"), ("sort", ["id asc"]), ("sort", "id\u0000 asc"),
        ("fl", "score"), ("fl", "sum(1,1)"), ("fl", "[explain]"), ("fl", "x:id"), ("fl", "i*"),
        ("fl", "data_dict"), ("fl", {"id": 1}), ("fl", "[subquery]"), ("fl", "permission_labels"),
        ("facet.field", "permission_labels"), ("facet.field", "{!key=x}tags"),
        ("facet.field", ["tags", 1]), ("facet.field", {"tags": 1}),
        ("facet.field", "satudata_words"), ("facet.field", ["tags"] * 51),
        ("facet.field", "[" * 5000),
        ("facet.limit", -1), ("facet.limit", "-1"), ("facet.limit", 1001), ("facet.limit", True),
        ("facet.mincount", 0), ("facet.mincount", "0"), ("facet.mincount", -5),
        ("rows", 1.5), ("rows", "1e3"), ("rows", "９"), ("rows", [1]), ("start", 10**30),
        ("facet", "maybe"), ("include_private", {}), ("extras", {"ext_x": 1}),
        ("q", "a" * 2001), ("q", {"a": 1}), ("q", ["a"]), ("fq", 5), ("fq_list", {"a": 1}),
        ("fq_list", ["a"] * 21), ("fq_list", [{"a": 1}]), ("fq", "\ud800"),
    ],
)  # fmt: skip
def test_what_is_not_as_declared_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        checked("package_search", {name: value})
    assert refused.value.parameter == name
    assert refused.value.text()


def test_only_a_search_of_ours_counts_all_values() -> None:
    asked = {"facet.limit": -1, "facet.field": ["satudata_words"]}
    assert checked("package_search", asked, every_value=True) == asked
    with pytest.raises(Refused):
        checked("package_search", {"facet.mincount": 0}, every_value=True)


@pytest.mark.parametrize(
    ("action", "name", "value"),
    [
        ("resource_search", "query", "package_id:x"),
        ("resource_search", "query", "extras:x"),
        ("resource_search", "query", "name"),
        ("resource_search", "order_by", "get_columns"),
        ("resource_search", "limit", 1001),
        ("tag_search", "query", {"a": 1}),
        ("tag_search", "fields", {"tags": "a"}),
        ("package_autocomplete", "limit", 101),
        ("dcat_catalog_search", "format", "html"),
        ("dcat_catalog_search", "page", "-1"),
    ],
)
def test_other_searches_are_bound_as_well(action: str, name: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        checked(action, {name: value})
    assert refused.value.parameter == name


@given(st.dictionaries(st.text(max_size=12), st.none() | st.integers() | st.text(max_size=30)))
def test_whatever_is_given_is_taken_or_refused(given: dict[str, Any]) -> None:
    for action, declared in search().actions.items():
        wrong = ""
        try:
            taken = checked(action, given)
        except Refused as refused:
            taken, wrong = {}, refused.parameter
        assert set(taken) <= set(declared)
        assert not wrong or wrong in map(repeated, given)


def test_every_field_of_the_form_says_what_may_be_done_with_it() -> None:
    form = yaml.safe_load((paths.schemas() / "dataset.yaml").read_text("utf-8"))
    named = {field["field_name"] for field in form["dataset_fields"]}
    assert named <= set(search().fields), named - set(search().fields)


def test_what_the_index_holds_for_itself_is_not_named() -> None:
    closed = """
        data_dict validated_data_dict permission_labels index_id site_id entity_type res_url urls
        satudata_words satudata_beginnings satudata_title_words satudata_tags satudata_waiting
        satudata_cells satudata_cell_names satudata_data
        satudata_governed satudata_indexed_date hash _version_ indexed_ts _query_ _val_
    """.split()
    assert not set(closed) & set(search().fields)


FIELDS = st.sampled_from(
    "id title * ti* ?d *:* x:id id:title score _version_ _root_ [explain] [docid] [subquery] "
    "x:[child] [json] [shard] sum(1,1) x:query($a) $a 'id' \"id\" id\\ title ID İd "
    "id\u00a0title id\u2028name".split(" ")
)
LISTS = st.builds(str.join, st.sampled_from([" ", ",", ", ", "\t", "\n"]), st.lists(FIELDS))


@given(st.lists(LISTS, min_size=1, max_size=4))
def test_a_list_of_fields_is_refused_or_made_of_declared_fields_alone(asked: list[str]) -> None:
    for one in (asked, " ".join(asked), ",".join(asked)):
        try:
            found = checked("package_search", {"fl": one})
        except Refused:
            continue
        assert set(found.get("fl", ())) <= set(search().named("give"))


@pytest.mark.parametrize("strange", ["[", "]", "(", ":", "$", "'", '"', "\\", "?"])
def test_no_sign_belongs_to_the_name_of_a_field(strange: str) -> None:
    with pytest.raises(Refused) as refused:
        checked("package_search", {"fl": f"id,{strange}id"})
    assert refused.value.parameter == "fl"
