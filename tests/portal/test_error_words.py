"""Refusals that CKAN raises in plain English are told in the reader's language."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.portal.web import error_words

pytestmark = pytest.mark.usefixtures("clean_db")


def refused(app: Any, address: str, **data: Any) -> Any:
    answer = app.post(address, json=data)
    assert answer.status_code >= 400
    return json.loads(answer.body)


def test_a_refused_call_is_told_in_the_language_of_its_address(app) -> None:
    action = "api/3/action/group_list"
    told = json.dumps(refused(app, f"/{action}", sort="nama")["error"])
    # What is filled in stands where it stood.
    assert "Tidak dapat diurutkan menurut isian `nama`" in told
    told = json.dumps(refused(app, f"/en/{action}", sort="nama")["error"])
    assert "Cannot sort by field `nama`" in told


def test_an_unknown_action(app) -> None:
    assert refused(app, "/api/3/action/tidak_ada") == (
        "Permintaan tidak sah: Nama aksi tidak dikenal: tidak_ada"
    )
    assert refused(app, "/en/api/3/action/tidak_ada") == (
        "Bad request: Action name not known: tidak_ada"
    )


def test_the_page_of_an_error(app) -> None:
    answer = app.get("/ckan-admin/config/tidak-ada/sekali", status=404)
    assert "The requested URL" not in answer.body
    answer = app.post("/dataset/", status=405)
    assert "The method is not allowed" not in answer.body
    assert "Cara permintaan ini tidak berlaku untuk alamat tersebut." in answer.body


def test_no_refusal_says_back_what_somebody_made_up(app) -> None:
    admin = factories.Sysadmin()
    token = call_action("api_token_create", {"user": admin["name"]}, user=admin["name"], name="x")
    headers, told = {"Authorization": token["token"]}, set()
    for action, field in (("vocabulary_delete", "id"), ("tag_delete", "id"), ("tag_show", "id")):
        for address in ("/api/3/action/", "/en/api/3/action/"):
            said = app.post(address + action, json={field: "kenari biru"}, headers=headers)
            assert said.status_code == 404
            assert "kenari" not in said.body
            told.add((action, json.loads(said.body)["error"]["message"]))
    assert ("vocabulary_delete", 'Tidak ditemukan: Kosakata "…" tidak ditemukan') in told


def test_the_number_of_a_person_is_taken_out_of_whatever_is_told(app) -> None:
    with app.flask_app.test_request_context("/"):
        for number in ("6171014101900001", "6171 0141 0190 0001"):
            assert error_words.told(f"Nama {number} tidak dikenal.") == "Nama … tidak dikenal."
        kept = "Entri 12345678 pada 2026-11-30 12:00:00, atau tulis ke data@contoh.pontianak.go.id."
        assert error_words.told(kept) == kept


def test_what_is_not_known_stays(app) -> None:
    with app.flask_app.test_request_context("/"):
        assert error_words.told("Alasan lain.") == "Alasan lain."
        assert error_words.walked({"__type": "Not Found Error", "message": "User not found"}) == {
            "__type": "Not Found Error",
            "message": "Pengguna tidak ditemukan",
        }
        broken = "Could not proxy resource because a\n      connection error occurred. x"
        assert error_words.told(broken) == (
            "Berkas data tidak dapat diteruskan karena sambungan gagal. x"
        )
        # What only tells how the site is built inside is told to nobody.
        broken = broken[:-1] + "HTTPConnectionPool(host='dalam', port=80): Max retries exceeded"
        assert error_words.told(broken) == (
            "Berkas data tidak dapat diteruskan karena sambungan gagal."
        )
        assert error_words.told("object_type not recognized") == (
            "Jenis objek (object_type) tidak dikenal"
        )
