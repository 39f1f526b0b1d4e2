"""Metadata are public: a hard identifier in their text refuses the save."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

NIK = "6171014101900001"


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
    with pytest.raises(tk.ValidationError):
        city.act("produsen", "resource_patch", id=dataset["resources"][0]["id"], name=f"a {NIK}")
    shown = city.act("produsen", "package_show", id=dataset["id"])
    assert shown["notes"] == dataset["notes"]
    assert shown["resources"][0]["name"] == "Data"


def test_contact_fields_may_hold_a_mailbox_and_a_telephone_but_no_nik(city) -> None:
    dataset = city.dataset()
    city.act("produsen", "package_patch", id=dataset["id"], maintainer="Loket 0812-3456-7890")
    with pytest.raises(tk.ValidationError):
        city.act("produsen", "package_patch", id=dataset["id"], maintainer=f"Petugas {NIK}")
