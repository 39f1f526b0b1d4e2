"""Metadata are public: a hard identifier in their text refuses the save, other kinds warn."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ..refusals import refusal_of

NIK = "6171014101900001"
NAMED = "Data penerima bantuan atas nama Budi Santoso"
WHY = "Nama pejabat yang berwenang"


def count() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(model.Package))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", f"Data warga {NIK}"),
        ("notes", f"Hubungi pemilik NIK {NIK} segera"),
        ("notes", "Hubungi 0812-3456-7890"),
        ("konsep", f"nik: {NIK}"),
    ],
)
def test_a_new_dataset_with_an_identifier_in_its_text_is_refused(city, field, text) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", "package_create", **{"owner_org": "dinkes", "title": "x", field: text})
    assert list(refused.value.error_dict) == [field]
    assert NIK not in str(refused.value)
    assert count() == 0


def test_a_changed_text_is_refused_and_an_unchanged_one_is_not_asked_again(city) -> None:
    dataset = city.dataset()
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", "package_patch", id=dataset["id"], notes=f"NIK {NIK}")
    assert list(refused.value.error_dict) == ["notes"]
    with refusal_of("name"):
        city.act("produsen", "resource_patch", id=dataset["resources"][0]["id"], name=f"a {NIK}")
    shown = city.act("produsen", "package_show", id=dataset["id"])
    assert shown["notes"] == dataset["notes"]
    assert shown["resources"][0]["name"] == "Data"


def test_contact_fields_may_hold_a_mailbox_and_a_telephone_but_no_nik(city) -> None:
    dataset = city.dataset()
    city.act("produsen", "package_patch", id=dataset["id"], maintainer="Loket 0812-3456-7890")
    with refusal_of("maintainer"):
        city.act("produsen", "package_patch", id=dataset["id"], maintainer=f"Petugas {NIK}")


def test_other_kinds_warn_and_have_to_be_resolved_before_the_dataset_is_opened(city, app) -> None:
    dataset = city.dataset()
    saved = city.act("produsen", "package_patch", id=dataset["id"], notes=f"{NAMED}. Contoh.")
    (warning,) = saved["satudata_warnings"]
    assert (warning["field"], warning["kinds"]) == ("notes", ["nama_orang"])
    assert "Budi" not in warning["text"]
    again = city.act("produsen", "package_patch", id=dataset["id"], title="Judul baru")
    assert "satudata_warnings" not in again
    assert "satudata_warnings" not in city.act("produsen", "package_show", id=dataset["id"])
    city.step("produsen", dataset, "submit")
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    (item,) = shown["metadata"]["findings"]
    assert item["key"] == {"table": "metadata:notes", "column": "", "kind": "nama_orang"}
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "approve")
    assert refused.value.error_dict["code"] == ["scans_clear"]
    said = {"id": dataset["id"], "version": "metadata", **item["key"], "reason": WHY}
    lawful = {**said, "resolution": "lawfully_public", "ground": "jabatan"}
    with pytest.raises(tk.NotAuthorized):
        city.act("produsen", "satudata_finding_resolve", **lawful)
    with refusal_of("transition", code="no_finding"):
        city.act("walidata", "satudata_finding_resolve", **{**lawful, "kind": "nik"})
    done = city.act("walidata", "satudata_finding_resolve", **lawful)
    assert done["metadata"]["findings"][0]["resolution"] == "lawfully_public"
    assert done["case"]["evidence"] != shown["case"]["evidence"]
    # Another text is another finding; the earlier answer is offered for it.
    city.act("produsen", "package_patch", id=dataset["id"], notes=f"Kini {NAMED}. Contoh.")
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    (item,) = shown["metadata"]["findings"]
    assert (item["resolution"], item["earlier"]["lapsed"]) == (None, "bytes")
    confirmed = {"id": dataset["id"], "version": "metadata", **item["key"]}
    city.act("walidata", "satudata_finding_resolve", **confirmed, earlier=item["earlier"]["id"])
    assert city.step("walidata", dataset, "approve")["decision"]["level"] == "biasa"


def test_texts_of_files_warn_as_well_and_contacts_may_be_written_to(city) -> None:
    dataset = city.dataset(maintainer="Loket, 0812-3456-7890, loket@gmail.com")
    resource = dataset["resources"][0]["id"]
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["metadata"] is None
    saved = city.act("produsen", "resource_patch", id=resource, description=NAMED)
    assert [w["field"] for w in saved["satudata_warnings"]] == ["resources.description"]
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    (item,) = shown["metadata"]["findings"]
    assert (item["table"], item["column"]) == ("metadata:resources.description", resource)
