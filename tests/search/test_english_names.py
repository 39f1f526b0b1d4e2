"""Agencies and topics by English names: shown to readers of English, found, given by the API."""

from __future__ import annotations

import re

import pytest

import ckan.plugins.toolkit as tk

NAME = "Health Office"
FORMAL = '<{tag} class="sd-formal" lang="id">{name}</{tag}>'


def body(app, path: str, **params) -> str:
    text = app.get(path, query_string=params, status=200).get_data(as_text=True)
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def dataset(city):
    city.act("kepala_dinkes", "organization_patch", id="dinkes", nama_inggris=f" {NAME} ")
    return city.publish(title="Jumlah Bidan", urusan="2.14", tag_string="bidan")


def test_names_in_english(app, city, dataset) -> None:
    # Pages name agency and topic in English, and officially beside it where they are about them.
    page = body(app, f"/en/dataset/{dataset['name']}")
    topic = "Population Control and Family Planning"
    official = "Pengendalian Penduduk dan Keluarga Berencana"
    for name, formal in ((NAME, "Dinkes"), (topic, official)):
        assert name in page
        assert FORMAL.format(tag="small", name=formal) in page
    assert f'title="{NAME}"' in page  # the way back to the agency
    assert f"<title>{NAME} " in body(app, "/en/organization/dinkes")
    for path, name, formal, tag in (
        ("/en/organization/", NAME, "Dinkes", "small"),
        ("/en/organization/dinkes", f"<h1>{NAME}</h1>", "Dinkes", "p"),
        ("/en/topik", topic, official, "small"),
        ("/en/topik/2.14", f"<h1>{topic}</h1>", official, "p"),
    ):
        text = body(app, path)
        assert name in text, path
        assert FORMAL.format(tag=tag, name=formal) in text, path
    for path in (
        "/en/",
        "/en/dataset/",
        "/en/topik/2.14",
        "/en/kalender-rilis",
        "/en/satudata/dip",
    ):
        assert NAME in body(app, path), path
    # So do feeds, and the picture beside a link, where their address is English.
    name = dataset["name"]
    for path in (f"umpan/dataset/{name}.json", "umpan/instansi/dinkes.json", "umpan.json"):
        assert NAME in body(app, f"/en/{path}"), path
        assert NAME not in body(app, f"/{path}"), path
    assert NAME in app.get("/en/umpan/instansi/dinkes.atom").body
    assert f"/en/dataset/{name}/kartu.png" in body(app, f"/en/dataset/{name}")
    cards = [app.get(f"{path}/dataset/{name}/kartu.png").data for path in ("", "/en")]
    assert cards[0] != cards[1]
    facets = body(app, "/en/dataset/", organization="dinkes")
    assert facets.count(NAME) >= 3  # the value, the chosen filter, the hit
    # An agency without such a name keeps its own, and Indonesian pages name none.
    assert "<h1>Disdukcapil</h1>" in body(app, "/en/organization/disdukcapil")
    for path in ("/", "/dataset/", "/organization/", "/organization/dinkes", "/topik/2.14"):
        text = body(app, path)
        assert NAME not in text, path
        assert "sd-formal" not in text, path

    # The search finds by the English name, in either language; so does the list of agencies.
    for q in ("health office", "family planning"):
        assert dataset["title"] in body(app, "/dataset/", q=q), q
    for q in ("health off", "HEALTH", "dinkes"):
        assert ">Dinkes<" in body(app, "/organization/", q=q), q
        assert "Disdukcapil" not in body(app, "/organization/", q=q), q
    both = city.act(None, "organization_list", q="health", sort="title desc", limit=1)
    assert both == ["dinkes"]

    for language, q, title in (
        ("", "health", "Dinkes"),
        ("/en", "health", NAME),
        ("/en", "dinkes", NAME),
    ):
        address = f"{language}/api/3/action/organization_autocomplete"
        found = app.get(address, query_string={"q": q}).get_json()["result"]
        assert [each["title"] for each in found if each["name"] == "dinkes"] == [title], (
            language,
            q,
        )
    assert city.act(None, "organization_autocomplete", q="tiada") == []

    # The API gives both.
    shown = city.act(None, "organization_show", id="dinkes")
    assert (shown["title"], shown["nama_inggris"]) == ("Dinkes", NAME)
    for language, q, label in (("", "health", "Dinkes"), ("/en", "dinkes", NAME)):
        found = app.get(f"{language}/saran", query_string={"q": q}).get_json()["suggestions"]
        [agency] = [one for one in found if one["kind"] == "agency"]
        assert (agency["label"], agency["label_en"]) == (label, NAME)
    [told] = app.get("/saran", query_string={"q": "pengend"}).get_json()["suggestions"]
    assert (told["label"], told["label_en"]) == (official, topic)
    assert told["kind"] == "topic"


def test_what_is_no_name_is_refused(city) -> None:
    before = city.act(None, "organization_show", id="dinkes")
    for wrong in ("a" * 301, "Office of 6171011203900001"):
        with pytest.raises(tk.ValidationError) as refused:
            city.act("kepala_dinkes", "organization_patch", id="dinkes", nama_inggris=wrong)
        assert "nama_inggris" in refused.value.error_dict
    assert city.act(None, "organization_show", id="dinkes") == before
