"""What a person or a program asks in a form that there is not is answered with what there is."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

ROWS = b"kecamatan,jumlah,luas\nPontianak Kota,140000,15.5\nPontianak Barat,120000,16.1\n"
JSON = ("/catalog.json?q=kota&page=2", "/dataset/{name}.json")
ANSWERS = (
    ("/catalog.zzz", 404, "jsonld, n3, rdf, ttl, xml"),
    ("/dataset/{name}.zzz", 404, "jsonld, n3, rdf, ttl, xml"),
    ("/catalog.ttl?page=0", 400, "page: "),
    ("/catalog.ttl?page=x", 400, "page: "),
    ("/catalog.ttl?profiles=zzz", 400, "euro_dcat_ap_3"),
    ("/catalog.ttl?modified_since=kemarin", 400, "modified_since: "),
    ("/catalog.ttl?modified_since=2026-11-24T00:00:00%2B07:00", 400, "modified_since: "),
    ("/datastore/dump/{resource}?format=zzz", 400, "csv, tsv, json, xml"),
    ('/datastore/dump/{resource}?filters={{"jumlah":"1,5"}}', 400, "kolomnya"),
    ("/datastore/dump/{resource}?filters=[]", 400, "Filter"),
)
NO_FILTERS = ("[]", '{"jumlah": {"gte": {}}}', '{"jumlah": {"gte": [1]}}')
NUMBERS = {
    "dari.jumlah=140.000": 1,
    "dari.jumlah=1,5": 2,
    "sampai.jumlah=120000,5": 1,
    "dari.luas=15,6": 1,
    "dari.jumlah=999999999999999": 0,
}


@pytest.fixture
def table(city, work, make_upload):
    """An open dataset with a table."""
    dataset = city.publish(file=make_upload(ROWS, "tabel.csv"))
    work(dataset)
    return dataset


def test_linked_data_in_a_form_that_there_is_not_is_refused_by_the_api_as_well(app, city) -> None:
    dataset = city.publish()
    for key, values in (
        ("profiles", (["zzz"], "zzz", [""], ["euro_dcat_ap", "zzz"], [1], [None])),
        ("format", ("zzz", ["ttl"], 1, "ttl\n")),
    ):
        for value in values:
            said = city.over_http(app, None, "dcat_dataset_show", id=dataset["id"], **{key: value})
            assert 400 <= said.status_code < 500, (key, value, said.body[:200])
    for given in (
        {},
        {"format": "jsonld", "profiles": ["schemaorg"]},
        {"format": "", "profiles": []},
    ):
        said = city.over_http(app, None, "dcat_dataset_show", id=dataset["id"], **given)
        assert said.status_code == 200, (given, said.body[:200])


def test_each_answer_says_what_there_is(app, table) -> None:
    named = {"name": table["name"], "resource": table["resources"][0]["id"]}
    for path, status, words in ANSWERS:
        answer = app.get(path.format(**named), status=None)
        assert (answer.status_code, words in answer.body) == (status, True), path
        assert "None - " not in answer.body, path
    for path in JSON:
        answer = app.get(path.format(**named), follow_redirects=False, status=302)
        there, _, query = answer.headers["Location"].partition("?")
        assert there.endswith(".jsonld")
        assert query == path.partition("?")[2]
        json.loads(app.get(answer.headers["Location"], status=200).body)


def test_a_search_for_signs_alone_finds_nothing_and_says_so(app, city) -> None:
    city.publish()
    for place in (
        "/dataset/?q={}",
        "/topik/1.02?q={}",
        "/organization/dinkes?q={}",
        "/feeds/custom.atom?q={}",
        "/api/3/action/package_search?q={}",
        "/api/3/action/satudata_search_suggest?q={}",
    ):
        for signs in ("`", ",", "…", "@ #"):
            answer = app.get(place.format(quote(signs)), status=None)
            assert answer.status_code == 200, (place, signs)
            assert "Jumlah Penduduk" not in answer.body, (place, signs)


def test_the_api_refuses_filters_that_are_none(app, table) -> None:
    resource = table["resources"][0]["id"]
    for filters in NO_FILTERS:
        answer = app.get(
            "/api/3/action/datastore_search",
            query_string={"resource_id": resource, "filters": filters},
            status=409,
        )
        assert list(answer.json["error"]) == ["filters", "__type"]


def test_the_page_of_a_table_takes_numbers_as_they_are_written(app, table) -> None:
    page = f"/dataset/{table['name']}/resource/{table['resources'][0]['id']}/tabel"
    for asked, rows in NUMBERS.items():
        body = app.get(f"{page}?{asked}", status=200).body
        shown = body.partition('<table class="sd-table" id="sd-data"')[2].partition("</table>")[0]
        assert shown.count("Pontianak ") == rows, asked
        assert f"/jepin/lapor/{table['name']}?kind=wrong" in body


def test_a_table_as_a_file_says_what_kind_of_file_it_is(app, table) -> None:
    resource = table["resources"][0]["id"]
    for form, kind in (
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("json", "application/json"),
        ("xml", "text/xml"),
    ):
        answer = app.get(f"/datastore/dump/{resource}?format={form}", status=200)
        assert answer.mimetype == kind
        assert "attachment" in answer.headers["Content-Disposition"]
