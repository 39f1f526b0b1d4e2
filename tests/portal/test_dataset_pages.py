"""CKAN's own pages with the decision laid over them, for everybody and every level."""

from __future__ import annotations

import pytest

LEVELS = ("biasa", "terbatas")
DOWNLOAD = "/download"


@pytest.fixture
def limited(city):
    return city.limit()


def _resource_path(dataset) -> str:
    return f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"


@pytest.mark.parametrize("who", [None, "warga", "pengawas", "pegawai_dinsos"])
def test_limited_data_are_explained_and_not_offered(desk, limited, who) -> None:
    for path in (f"/dataset/{limited['name']}", _resource_path(limited)):
        page = desk.get(who, path)
        assert page.status == 200
        assert "satudata-notice" in page.body
        assert DOWNLOAD not in page.body
        assert limited["resources"][0]["hash"] not in page.body
    page = desk.get(who, f"/dataset/{limited['name']}")
    assert "satudata-badge-limited" in page.body
    assert "SK-7/2026" in page.body
    assert "24 November 2028" in page.body


@pytest.mark.parametrize("who", ["produsen", "staf", "produsen_lain", "walidata", "ppid"])
def test_limited_data_are_offered_to_whom_they_are_for(desk, limited, who) -> None:
    for path in (f"/dataset/{limited['name']}", _resource_path(limited)):
        page = desk.get(who, path)
        assert page.status == 200
        assert "satudata-notice" not in page.body
        assert DOWNLOAD in page.body


def test_open_data_are_offered_to_everyone(desk, city) -> None:
    dataset = city.publish()
    for who in (None, "warga", "produsen"):
        page = desk.get(who, f"/dataset/{dataset['name']}")
        assert "satudata-badge-open" in page.body
        assert "satudata-case-title" not in page.body
        assert DOWNLOAD in page.body
        assert desk.get(who, _resource_path(dataset)).status == 200


def test_search_shows_the_level_and_no_address_of_a_file(desk, city, limited) -> None:
    dataset = city.publish()
    for who in (None, "produsen", "admin"):
        page = desk.get(who, "/dataset/")
        assert page.status == 200
        assert "satudata-badge-limited" in page.body
        assert "satudata-badge-open" in page.body
        assert dataset["name"] in page.body
        assert limited["resources"][0]["hash"] not in page.body


def test_the_panel_is_for_those_who_see_the_case(desk, city) -> None:
    dataset = city.dataset()
    address = f"/dataset/{dataset['name']}"
    owner = desk.get("produsen", address)
    assert "satudata-case-title" in owner.body
    assert f"/satudata/berkas/{dataset['name']}" in owner.body
    assert "satudata-badge-undecided" in owner.body
    assert desk.get("warga", address).status == 404
    assert desk.get(None, address).status == 404


def test_a_new_version_waits_beside_what_is_open(desk, city, make_upload) -> None:
    dataset = city.publish()
    resource = dataset["resources"][0]["id"]
    city.act(
        "produsen",
        "resource_patch",
        id=resource,
        upload=make_upload(b"kecamatan,penduduk\nPontianak Kota,1\n", "baru.csv"),
    )
    address = f"/dataset/{dataset['name']}"
    for path in (address, _resource_path(dataset)):
        owner = desk.get("produsen", path)
        assert "satudata-waiting" in owner.body
        assert "baru.csv" in owner.body
        citizen = desk.get(None, path)
        assert citizen.status == 200
        assert "satudata-waiting" not in citizen.body
        assert "baru.csv" not in citizen.body
        assert "satudata-case-title" not in citizen.body


def test_forms_do_not_ask_for_visibility(desk, city) -> None:
    dataset = city.publish()
    for path in ("/dataset/new", f"/dataset/edit/{dataset['name']}"):
        page = desk.get("produsen", path)
        assert page.status == 200
        assert 'name="private"' not in page.body
        assert "go-metadata-unpublish" not in page.body


def test_the_form_saved_unchanged_changes_nothing(desk, city, make_upload) -> None:
    dataset = city.publish()
    before = city.act("produsen", "package_show", id=dataset["id"])
    fields = {
        key: value
        for key, value in before.items()
        if isinstance(value, str) and not key.startswith("satudata_")
    }
    fields |= {"save": "", "_ckan_phase": "dataset_new_1", "pkg_name": dataset["id"]}
    fields["tag_string"] = ""
    for key in ("id", "state", "metadata_created", "metadata_modified", "creator_user_id"):
        fields.pop(key, None)
    sent = desk.post("produsen", f"/dataset/edit/{dataset['name']}", fields)
    assert sent.status == 302
    after = city.act("produsen", "package_show", id=dataset["id"])
    assert "satudata_case" not in after
    assert after["resources"] == before["resources"]
    assert after["tingkat_keamanan"] == "biasa"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tingkat_keamanan", "dewa"),
        ("tingkat_keamanan", "terbatas"),
        ("data_pribadi", "spesifik"),
    ],
)
def test_the_form_tells_what_the_gate_refuses(desk, city, field, value) -> None:
    fields = {
        "title": "Contoh",
        "name": "dinkes-contoh-ditolak",
        "owner_org": city.orgs["dinkes"]["id"],
        "jenis_informasi": "berkala",
        "tingkat_keamanan": "biasa",
        "data_pribadi": "tidak_ada",
        field: value,
        "_ckan_phase": "dataset_new_1",
        "save": "",
    }
    page = desk.post("produsen", "/dataset/new", fields)
    assert page.status == 200
    assert 'class="satudata-form-errors" role="alert"' in page.body
    assert 'class="error-block"' in page.body


def test_every_page_of_a_dataset_answers_everybody(desk, city, limited) -> None:
    """No page of core fails on a resource without an address."""
    opened, draft = city.publish(), city.dataset()
    for dataset in (opened, limited, draft):
        name = dataset["name"]
        resource = dataset["resources"][0]["id"]
        paths = (
            f"/dataset/{name}",
            f"/dataset/groups/{name}",
            f"/dataset/activity/{name}",
            f"/dataset/edit/{name}",
            f"/dataset/resources/{name}",
            f"/dataset/{name}/resource/new",
            f"/dataset/{name}/resource/{resource}",
            f"/dataset/{name}/resource/{resource}/edit",
            f"/dataset/{name}/resource/{resource}/views",
            f"/dataset/{name}/resource/tidak-ada",
            f"/satudata/berkas/{name}",
            "/organization/dinkes",
            "/dataset/",
            "/",
            "/user/" + city.users["produsen"]["name"],
        )
        for who in (None, "warga", "produsen", "walidata", "ppid", "pengawas", "admin"):
            for path in paths:
                page = desk.get(who, path)
                assert page.status in (200, 302, 401, 403, 404), (who, path)
