"""What the pages of a dataset and of a file, and its citations, say to whom."""

from __future__ import annotations

import json
import re

import pytest

COLUMN, CELL = "kolomkenari", "SELKENARI"
ROWS = f"{COLUMN},jumlah\n{CELL},1234\nBiasa,7\n".encode()
AFTER = f"{COLUMN},jumlah\n{CELL},99\n".encode()


@pytest.fixture
def ask(app, city):
    def call(who, path):
        return app.get(path, headers=city.token(who), status=None, follow_redirects=False)

    return call


@pytest.fixture
def opened(city, work, make_upload):
    dataset = city.publish(file=make_upload(ROWS, "kota.csv"), tag_string="kenari,kota")
    work(dataset)
    return city.act(None, "package_show", id=dataset["id"])


def pages(dataset) -> tuple[str, str]:
    own = f"/dataset/{dataset['name']}"
    return own, f"{own}/resource/{dataset['resources'][0]['id']}"


def test_open_data_are_told_of_in_one_place(ask, city, opened) -> None:
    resource = opened["resources"][0]
    for path in pages(opened):
        body = ask(None, path).body
        assert CELL in body
        assert "1.234" in body
        assert COLUMN in body
        assert resource["hash"][:12] in body
        assert f"/datastore/dump/{resource['id']}?format=json" in body
        for leaf in ("tabel", "lembar.csv"):
            assert f"/resource/{resource['id']}/{leaf}" in body
        for language in ("curl", "Python", "JavaScript"):
            assert f"<summary>{language}</summary>" in body
        assert f"datastore_search?resource_id={resource['id']}" in body
    body = ask(None, pages(opened)[0]).body
    assert f"{opened['name']}/sitasi.bib" in body
    assert "satudata-fresh-fresh" in body


def test_related_datasets_are_those_that_the_reader_may_see(ask, city, opened) -> None:
    other = city.publish(tag_string="kenari", title="Kenari lain")
    draft = city.dataset(tag_string="kenari", title="Kenari rahasia")
    body = ask(None, pages(opened)[0]).body
    related = body.partition('id="sd-related-title"')[2].partition("</section>")[0]
    assert "Kenari lain" in related
    assert f"/dataset/{other['name']}" in related
    assert opened["name"] not in related
    assert draft["name"] not in body


@pytest.mark.parametrize("who", [None, "warga", "pengawas"])
def test_of_closed_data_no_page_tells_columns_hashes_sizes_or_programs(
    ask, city, work, make_upload, who
) -> None:
    dataset = city.limit(file=make_upload(ROWS, "kota.csv"))
    work(dataset)
    resource = dataset["resources"][0]
    for path in pages(dataset):
        page = ask(who, path)
        assert page.status_code == 200
        assert "satudata-closed-title" in page.body
        hash_ = resource["hash"][:12]
        for word in (COLUMN, CELL, hash_, "datastore_search", "/dump/", "sd-program", "lembar.csv"):
            assert word not in page.body, word
        assert f"{resource['size']} B" not in page.body


def test_readers_of_closed_data_are_led_to_a_read_that_is_recorded(
    ask, city, work, make_upload
) -> None:
    dataset = city.limit(file=make_upload(ROWS, "kota.csv"))
    work(dataset)
    for path in pages(dataset):
        body = ask("produsen_lain", path).body
        assert CELL not in body
        assert "/tabel" in body
        assert "Authorization" in body
        assert dataset["resources"][0]["hash"][:12] not in body.partition("sd-versions")[2]


def test_citations_are_for_who_may_see_the_metadata(ask, city, opened) -> None:
    base = f"/dataset/{opened['name']}/sitasi"
    answers = {form: ask(None, f"{base}.{form}") for form in ("txt", "bib", "ris", "json")}
    for form, answer in answers.items():
        assert answer.status_code == 200, form
        assert opened["title"] in answer.body
        assert f"/dataset/{opened['name']}" in answer.body
    assert json.loads(answers["json"].body)[0]["type"] == "dataset"
    assert answers["bib"].body.startswith("@misc{")
    assert answers["ris"].body.startswith("TY  - DATA\r\n")
    assert ask(None, f"{base}.docx").status_code == 404
    draft = city.dataset()
    assert ask(None, f"/dataset/{draft['name']}/sitasi.txt").status_code == 404
    assert ask(None, "/dataset/tidak-ada/sitasi.bib").status_code == 404
    # Its own agency sees it, and nobody cites what is not open.
    assert ask("produsen", f"/dataset/{draft['name']}/sitasi.txt").status_code == 404


def test_the_history_tells_each_version_that_is_given(ask, city, opened, make_upload) -> None:
    first = opened["resources"][0]
    upload = make_upload(AFTER, "kota-2.csv")
    city.act("produsen", "resource_patch", id=first["id"], upload=upload)
    body = ask(None, pages(opened)[0]).body
    assert body.count("<code>") > 0
    before = body.partition("sd-versions-title")[2]
    city.step("produsen", opened, "submit")
    city.step("walidata", opened, "approve")
    second = city.act(None, "package_show", id=opened["id"])["resources"][0]
    history = ask(None, pages(opened)[0]).body.partition("sd-versions-title")[2]
    assert second["hash"][:12] not in before
    assert second["hash"][:12] in history
    assert first["hash"][:12] not in history  # nobody said that it goes on being given
    said = {"given": "ya", "reason": "Hanya pembaruan tahunan"}
    city.act("walidata", "satudata_older_versions_set", id=opened["id"], **said)
    history = ask(None, pages(opened)[0]).body.partition("sd-versions-title")[2]
    assert history.index(second["hash"][:12]) < history.index(first["hash"][:12])


def test_the_past_is_offered_to_whom_it_is_shown(ask, city, opened) -> None:
    for who, shown in (("produsen", True), ("admin", False), ("warga", False), (None, False)):
        body = ask(who, f"/dataset/activity/{opened['name']}").body
        ways = re.findall(rf'href="(/dataset/(?:{opened["id"]}/history|changes)/[^"]+)"', body)
        assert bool(ways) is shown, who
        assert all(ask(who, way).status_code in (200, 302) for way in ways)
