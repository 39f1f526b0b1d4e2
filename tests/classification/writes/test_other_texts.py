"""Texts outside of datasets that a reader may see are scanned, with no case behind them."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

NIK = "6171014101900001"
TEXT = f"Milik pemegang NIK {NIK}"


def refused(city, who: str, action: str, field: str, /, **params) -> None:
    with pytest.raises(tk.ValidationError) as found:
        city.act(who, action, **params)
    assert field in found.value.error_dict, found.value.error_dict
    assert NIK not in str(found.value.error_dict)


def test_a_view_holds_no_identifier_in_whatever_it_keeps(city) -> None:
    dataset = city.publish()
    base = {"resource_id": dataset["resources"][0]["id"], "view_type": "datatables_view"}
    view = city.act("produsen", "resource_view_create", title="Tabel", **base)
    for key, value in (
        ("title", TEXT),
        ("description", TEXT),
        ("date_format", TEXT),
        ("show_fields", [TEXT]),
        ("filter_fields", [TEXT]),
        ("filter_values", ["a", {"b": TEXT}]),
        ("lampiran", TEXT),
    ):
        refused(city, "produsen", "resource_view_create", key, **{"title": "T", **base, key: value})
        refused(city, "produsen", "resource_view_update", key, **{**view, key: value})
    image = {**base, "view_type": "image_view", "title": "G"}
    refused(
        city, "produsen", "resource_view_create", "image_url", **image, image_url=f"http://a/{NIK}"
    )
    assert city.act("produsen", "resource_view_update", **view)["title"] == "Tabel"
    assert len(city.act(None, "resource_view_list", id=base["resource_id"])) <= 2


def test_what_a_person_writes_of_themselves_is_scanned_but_their_name(city) -> None:
    me = city.users["warga"]
    # Another mailbox than theirs would ask for their password.
    mailbox = model.User.get(me["id"]).email
    shown = city.act("warga", "user_show", id=me["id"])
    for key in ("about", "image_url"):
        refused(city, "warga", "user_update", key, **{**shown, "email": mailbox, key: TEXT})
        refused(city, "warga", "user_patch", key, id=me["id"], **{key: TEXT})
        refused(
            city,
            "admin",
            "user_create",
            key,
            name="baru",
            email="b@contoh.id",
            password="Sandi-panjang-1",
            **{key: TEXT},
        )
    refused(
        city,
        "admin",
        "user_create",
        "name",
        name=f"n{NIK}",
        email="b@contoh.id",
        password="Sandi-panjang-1",
    )
    refused(city, "warga", "user_patch", "lampiran", id=me["id"], lampiran=TEXT)
    named = city.act("warga", "user_patch", id=me["id"], fullname="Contoh Nama", about="Warga.")
    assert named["fullname"] == "Contoh Nama"
    back = {**city.act("warga", "user_show", id=me["id"]), "email": mailbox}
    assert city.act("warga", "user_update", **back)["about"] == "Warga."


def test_a_note_holds_no_identifier_but_may_say_whom_to_ask(city) -> None:
    dataset = city.dataset()
    step = {"id": dataset["id"], "transition": "submit"}
    refused(city, "produsen", "satudata_classification_transition", "catatan", **step, catatan=TEXT)
    batch = {"items": [{"id": dataset["id"]}], "transition": "submit", "catatan": TEXT}
    refused(city, "produsen", "satudata_classification_batch", "catatan", **batch)
    city.act(
        "produsen",
        "satudata_classification_transition",
        **step,
        catatan="Tanya Bidang Data, 0812-3456-7890 atau data@contoh.pontianak.go.id",
    )


def test_the_state_of_an_account_comes_from_a_list(city) -> None:
    new = {"name": "baru-sekali", "email": "baru@contoh.id", "password": "kuda-baterai-jemuran"}
    for state in (TEXT, "aktif", ["active"], ""):
        refused(city, "admin", "user_create", "state", **new, state=state)
        me = city.users["warga"]["id"]
        refused(city, "warga", "user_patch", "state", id=me, state=state)


def test_texts_of_the_site_translations_and_keywords_are_scanned(city) -> None:
    texts = (
        "ckan.site_about",
        "ckan.site_intro_text",
        "ckan.site_title",
        "ckan.site_description",
        "ckan.site_custom_css",
        "ckan.site_logo",
    )
    for key in texts:
        refused(city, "admin", "config_option_update", key, **{key: TEXT})
    done = city.act(
        "admin",
        "config_option_update",
        **{"ckan.site_about": "Kantor: (0561) 700000, data@pontianak.go.id"},
    )
    assert done["ckan.site_about"].startswith("Kantor")
    model.Session.execute(model.system_info.SystemInfo.__table__.delete())
    model.Session.commit()
    one = {"term": "a", "translation": "b", "lang_code": "id"}
    for key in one:
        refused(city, "admin", "term_translation_update", key, **{**one, key: TEXT})
    many = [one, {**one, "translation": TEXT}]
    refused(city, "admin", "term_translation_update_many", "data", data=many)
    refused(city, "admin", "vocabulary_create", "name", name=TEXT)
    refused(city, "admin", "vocabulary_create", "tags", name="kata", tags=[{"name": f"t {NIK}"}])
    vocabulary = city.act("admin", "vocabulary_create", name="kata", tags=[{"name": "satu"}])
    refused(city, "admin", "tag_create", "name", name=TEXT, vocabulary_id=vocabulary["id"])
    refused(city, "admin", "vocabulary_update", "tags", id=vocabulary["id"], tags=[{"name": TEXT}])


def test_comments_of_relationships_and_activities_are_scanned(city) -> None:
    one, other = city.dataset(file=False), city.dataset(file=False)
    related = {"subject": one["id"], "object": other["id"], "type": "links_to"}
    for action in ("package_relationship_create", "package_relationship_update"):
        refused(city, "admin", action, "comment", **related, comment=TEXT)
        refused(city, "admin", action, "lampiran", **related, lampiran=TEXT)
    refused(
        city,
        "admin",
        "activity_create",
        "data",
        user_id=city.admin["id"],
        object_id=one["id"],
        activity_type="new package",
        data={"package": {"title": TEXT}},
    )
    refused(
        city,
        "admin",
        "task_status_update",
        "value",
        entity_id="a",
        entity_type="b",
        task_type="c",
        key="d",
        value=TEXT,
    )
    refused(city, "warga", "api_token_create", "name", user=city.users["warga"]["id"], name=TEXT)
