"""The two journeys as a developer takes them: over HTTP, with ckanapi, on the real site."""

from __future__ import annotations

import io
import json
import os
import uuid
from pathlib import Path

import pytest
import requests
from ckanapi import NotAuthorized, NotFound, RemoteCKAN, ValidationError

pytestmark = pytest.mark.xdist_group("produsen_dinkes")  # whose files it brings

CSV = b"kecamatan,jumlah\nPontianak Kota,12\nPontianak Barat,7\n"
# Made up: valid in form, of nobody.
NIKS = b"catatan,nik\nContoh Satu,6171014101900001\nContoh Dua,6171020202850002\n"
MODEL = "jumlah-fasilitas-kesehatan-menurut-kecamatan"
LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
STEP = "satudata_classification_transition"


class People:
    """Calls the site's API as somebody; ``None`` is nobody."""

    def __init__(self) -> None:
        self.url = os.environ["SATUDATA_SITE_URL"]
        path = Path(os.environ["SATUDATA_RUN_DIR"], "demo-tokens.json")
        self.tokens = json.loads(path.read_text("utf-8"))

    def __call__(self, who: str | None, action: str, **params: object) -> dict:
        with RemoteCKAN(self.url, apikey=self.tokens[who] if who else None) as site:
            return site.call_action(action, params)

    def step(self, who: str, name: str, transition: str, **fields: object) -> dict:
        return self(who, STEP, id=name, transition=transition, **fields)

    def add_file(self, who: str, dataset: str, content: bytes, name: str) -> dict:
        with RemoteCKAN(self.url, apikey=self.tokens[who]) as site:
            return site.call_action(
                "resource_create",
                {"package_id": dataset, "name": "Data"},
                files={"upload": (name, io.BytesIO(content))},
            )

    def get(self, who: str | None, url: str) -> requests.Response:
        headers = {"Authorization": self.tokens[who]} if who else {}
        return requests.get(url, headers=headers, timeout=60, allow_redirects=False)

    def propose(self, who: str, content: bytes | None, **axes: str) -> str:
        """Create a dataset with all that it needs, and a file; return its name."""
        known = self(None, "package_show", id=MODEL)
        left_out = ("id", "name", "resources", "organization", "metadata_created", "tags")
        fields = {k: v for k, v in known.items() if k not in left_out and v is not None}
        name = f"{known['organization']['name']}-uji-{uuid.uuid4().hex[:12]}"
        self(who, "package_create", **{**fields, "name": name, "title": f"Uji {name}", **axes})
        if content is not None:
            self.add_file(who, name, content, "data.csv")
        return name


@pytest.fixture
def people() -> People:
    return People()


def test_the_open_journey(people: People) -> None:
    name = people.propose("produsen_dinkes", CSV)
    mine = people("produsen_dinkes", "package_show", id=name)
    url = mine["resources"][0]["url"]
    people.step("produsen_dinkes", name, "submit")
    with pytest.raises(NotFound):
        people(None, "package_show", id=name)
    assert name not in people(None, "package_list")
    assert people(None, "package_search", q=f"name:{name}")["count"] == 0
    hidden = people.get(None, url)
    unknown = people.get(None, url.replace(mine["resources"][0]["id"], str(uuid.uuid4())))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    with pytest.raises(NotAuthorized):
        people.step("produsen_dinkes", name, "approve")
    people.step("walidata", name, "approve")
    public = people(None, "package_show", id=name)
    assert people(None, "package_search", q=f"name:{name}")["count"] == 1
    assert people.get(None, public["resources"][0]["url"]).content == CSV


def test_a_file_with_niks_cannot_be_approved_and_walidata_is_told_where(people: People) -> None:
    name = people.propose("produsen_dinkes", NIKS)
    people.step("produsen_dinkes", name, "submit")
    with pytest.raises(ValidationError) as refused:
        people.step("walidata", name, "approve")
    told = refused.value.error_dict["transition"][0]
    assert "'nik'" in told
    assert "(2 sel)" in told
    shown = people("walidata", "satudata_classification_show", id=name)
    assert "6171014101900001" not in json.dumps(shown)


def test_the_closed_journey_and_the_way_back(people: People) -> None:
    name = people.propose("produsen_dinkes", CSV, **LIMITED)
    wrong = {
        "submit": ("walidata", "ppid", "penetap", "produsen_disdukcapil", "warga", "admin"),
        "refer": ("produsen_dinkes", "ppid", "penetap", "pengawas", "warga", "admin"),
        "assess": ("produsen_dinkes", "walidata", "penetap", "pengawas", "warga", "admin"),
        "approve": ("produsen_dinkes", "walidata_2", "ppid", "pengawas", "warga", "admin"),
    }
    test = {
        "informasi": "Daftar contoh",
        "pasal_pengecualian": "b",
        "dasar_hukum": "UU 14/2008 Pasal 17 huruf b",
        "konsekuensi_dibuka": "Contoh",
        "konsekuensi_ditutup": "Contoh",
        "mulai": "2026-11-24",
        "akhir": "2028-11-24",
    }
    recipient = "dinas-kependudukan-dan-pencatatan-sipil"
    road = [
        ("produsen_dinkes", "submit", {}),
        ("walidata", "refer", {"catatan": "Perlu diuji"}),
        ("ppid", "assess", test),
        ("penetap", "approve", {"nomor": "SK-CONTOH/1", "penerima": [recipient]}),
    ]
    for who, step, fields in road:
        for other in wrong[step]:
            with pytest.raises((NotAuthorized, NotFound)):
                people.step(other, name, step, **fields)
        people.step(who, name, step, **fields)
    public = people(None, "package_show", id=name)
    assert public["resources"][0]["url"] == ""
    url = people("produsen_disdukcapil", "package_show", id=name)["resources"][0]["url"]
    assert people.get("produsen_disdukcapil", url).content == CSV
    for who in (None, "warga", "pengawas", "admin"):
        assert people.get(who, url).status_code == 403

    known = people(None, "package_show", id=MODEL)
    opened = {axis: known[axis] for axis in LIMITED}
    people("produsen_dinkes", "package_patch", id=name, **opened)
    people.step("produsen_dinkes", name, "submit")
    with pytest.raises(ValidationError):
        people.step("walidata", name, "approve")
    people.step("walidata", name, "refer", catatan="Dapat dibuka?")
    people.step("ppid", name, "declare_open", alasan="Contoh", dasar_hukum="UU 14/2008")
    assert people.get(None, url).status_code == 403
    people.step("penetap", name, "approve")
    assert people.get(None, url).content == CSV
