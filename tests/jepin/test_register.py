"""Apps of the city are governed as datasets are, and are no datasets in lists and counts."""

from __future__ import annotations

import re

import pytest

import ckan.plugins.toolkit as tk
from ckan.tests.helpers import changed_config

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.classification.records import dataset_types
from ckanext.satudata_pontianak.surface.types import types

from ..refusals import refusal_of
from .apps import app_of, publish_app

UNKNOWN = "tidak-ada-di-sini"
TOKEN = re.compile(r'name="_csrf_token" content="[^"]+"|name="_csrf_token" [^>]*value="[^"]+"')


def test_the_types_that_are_ours_are_governed_whatever_the_option_names():
    assert set(types().datasets.governed) == config.OURS == {"dataset", "layanan"}
    for value, governed in (
        (None, config.OURS),
        (["dataset"], config.OURS),
        ("dataset", config.OURS),
        (["peta"], config.OURS | {"peta"}),
        ([], frozenset()),
        ("", frozenset()),
    ):
        with changed_config(config.GOVERNED_TYPES, value):
            assert config.governed_types() == governed, value
            assert dataset_types.is_governed("layanan") == bool(governed), value


def test_a_site_that_names_only_datasets_closes_its_apps(city):
    with changed_config(config.GOVERNED_TYPES, ["dataset"]):
        made = app_of(city)
        with pytest.raises(tk.ObjectNotFound):
            city.act(None, "package_show", id=made["id"])
        assert city.act("produsen", "package_show", id=made["id"])["satudata_case"]


def test_while_a_portal_is_taken_over_no_app_can_be_made(city):
    with changed_config(config.GOVERNED_TYPES, []):
        with refusal_of("type"):
            app_of(city)
        assert city.act("produsen", "package_list") == []


def test_an_app_is_unseen_until_it_is_decided_and_needs_no_file(city, app):
    made = app_of(city)
    assert (made["type"], made["resources"]) == ("layanan", [])
    for who in (None, "warga", "produsen_lain"):
        hidden = city.over_http(app, who, "package_show", id=made["name"])
        unknown = city.over_http(app, who, "package_show", id=UNKNOWN)
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.body == unknown.body.replace(UNKNOWN, made["name"])
        assert made["name"] not in city.act(who, "package_list")
    city.step("produsen", made, "submit")
    city.step("walidata", made, "approve")
    seen = city.act(None, "package_show", id=made["name"])
    assert seen["satudata_decision"]["level"] == "biasa"
    assert seen["url"] == "https://antrean.contoh.pontianak.go.id"
    assert city.act(None, "package_search", fq="dataset_type:layanan")["count"] == 1


def test_what_submission_needs_of_an_app_is_named(city):
    made = app_of(city, fungsi="", maintainer_email="")
    with refusal_of("transition", code="metadata_complete"):
        city.step("produsen", made, "submit")


def test_pages_of_a_hidden_app_are_those_of_an_unknown_name(city, app):
    made = app_of(city)
    for address in ("/layanan/{}", "/layanan/edit/{}", "/layanan/resources/{}", "/dataset/{}"):
        for who in (None, "warga"):
            asked = {"headers": city.token(who), "status": None, "follow_redirects": False}
            shown = [app.get(address.format(name), **asked) for name in (made["name"], UNKNOWN)]
            assert shown[0].status_code == shown[1].status_code, (address, who)
            first, second = (TOKEN.sub("", page.body) for page in shown)
            assert first == second.replace(UNKNOWN, made["name"]), (address, who)


def test_its_page_and_form_say_what_it_is(city, app):
    made = publish_app(city)
    page = app.get(f"/layanan/{made['name']}", status=200).body
    for text in ("Antrean Puskesmas", "Bidang Layanan", "https://antrean.contoh.pontianak.go.id"):
        assert text in page, text
    form = app.get(f"/layanan/edit/{made['name']}", headers=city.token("produsen"), status=200)
    assert 'name="ketersediaan_persen"' in form.body
    assert 'value="99.5"' in form.body
    new = app.get("/layanan/new", headers=city.token("produsen"), status=200)
    assert 'name="fungsi"' in new.body
    found = app.get("/layanan/", status=200)
    assert "Antrean Puskesmas" in found.body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ketersediaan_persen", "101"),
        ("ketersediaan_persen", "hampir selalu"),
        ("pemutakhiran_hari", "0"),
        ("urutan_jepin", "-1"),
        ("urutan_jepin", "satu"),
        ("tahun_mulai", "1200"),
        ("tampil_di_jepin", "mungkin"),
        ("dasar_pemrosesan", "lainnya"),
        ("url", "javascript:alert(1)"),
        ("maintainer_email", "siti@gmail.com"),
        ("urusan", "99.99"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(city, field, value):
    with refusal_of(field):
        app_of(city, **{field: value})
    assert city.act("produsen", "package_search", include_private=True)["count"] == 0


def test_what_is_not_declared_is_refused(city):
    with refusal_of("alamat_ip"):
        app_of(city, alamat_ip="10.0.0.1")


def test_apps_are_no_datasets_in_lists_and_counts(city, app):
    data, made = city.publish(), publish_app(city)
    assert made["name"] in city.act(None, "package_list")
    for address in (
        "/dataset/",
        "/organization/dinkes",
        "/feeds/dataset.atom",
        "/feeds/organization/dinkes.atom",
        "/catalog.jsonld",
    ):
        body = app.get(address, headers=city.token(None), status=200).body
        assert data["name"] in body or data["id"] in body, address
        assert made["name"] not in body, address
        assert made["id"] not in body, address
    home = app.get("/", status=200).body
    assert made["title"] not in home
    said = city.act(None, "satudata_search_suggest", q="antre")
    assert said["suggestions"] == []
    catalogue = str(city.act(None, "dcat_catalog_search"))
    assert data["id"] in catalogue
    assert made["id"] not in catalogue
