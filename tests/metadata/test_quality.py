"""The quality of a dataset on the portal: what is suggested, done, and then counted."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ..good_metadata import GOOD


def shown(city, dataset, who=None):
    return city.act(who, "satudata_quality_show", id=dataset["name"])


def test_doing_all_that_fields_lack_gives_what_was_forecast_for_them(city) -> None:
    dataset = city.dataset(license_id="", konsep="", satuan="")
    before = shown(city, dataset, "produsen")
    wanted = [one for one in before["lost"] if one["place"] == "dataset"]
    assert {"license_id", "konsep", "satuan"} <= {one["field"] for one in wanted}
    assert all(one["url"] for one in wanted)
    fields = {one["field"]: GOOD[one["field"]] for one in wanted}
    city.act("produsen", "package_patch", id=dataset["id"], **fields)
    after = shown(city, dataset, "produsen")
    assert after["points"] == before["points"] + sum(one["gain"] for one in wanted)
    assert not [one for one in after["lost"] if one["place"] == "dataset"]


def test_everybody_is_told_of_open_data_and_led_nowhere(city) -> None:
    dataset = city.publish()
    told = shown(city, dataset)
    assert told["points"] + sum(one["gain"] for one in told["lost"]) == told["forecast"]
    assert not any(one["url"] for one in told["lost"])


def test_a_draft_has_the_answer_of_an_unknown_name(city) -> None:
    dataset = city.dataset()
    with pytest.raises(tk.ObjectNotFound) as hidden:
        shown(city, dataset)
    with pytest.raises(tk.ObjectNotFound) as unknown:
        city.act(None, "satudata_quality_show", id="tidak-ada")
    assert str(hidden.value) == str(unknown.value)


def test_a_file_that_waits_counts_for_who_brings_it_and_for_nobody_else(city, make_upload) -> None:
    dataset = city.publish(file=make_upload(b"Jumlah posyandu: 9\n", "jumlah.txt"))
    before = shown(city, dataset)
    assert "open_format" in {one["check"] for one in before["lost"]}
    upload = make_upload(b"Kecamatan,Jumlah\nPontianak Kota,9\n", "baru.csv")
    city.act("produsen", "resource_create", package_id=dataset["id"], upload=upload)
    assert shown(city, dataset) == before
    with_it = shown(city, dataset, "produsen")
    assert "open_format" not in {one["check"] for one in with_it["lost"]}


def test_files_that_a_reader_may_not_have_are_not_judged(city) -> None:
    dataset = city.limit()
    told = [part["dimension"] for part in shown(city, dataset)["parts"]]
    assert "standard" in told
    assert "accessible" not in told


def test_the_pages_say_it_in_words_and_to_who_works_on_it_what_to_do(city, app) -> None:
    dataset = city.publish()
    page = app.get(f"/dataset/{dataset['name']}").body
    assert "sd-quality-title" in page
    draft = city.dataset(konsep="")
    page = app.get(
        f"/satudata/berkas/{draft['name']}", headers=city.token("produsen"), status=200
    ).body
    assert "#field-konsep" in page
