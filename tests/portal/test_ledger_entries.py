"""The auditor reads sentences, finds them by words that people know, and takes them along."""

from __future__ import annotations

import re
from typing import Any

import pytest
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.ledger import service as ledger

PAGE = "/satudata/buku-catatan/entri"


def read(app: Any, city: Any, who: str = "pengawas", path: str = PAGE, **asked: str) -> Any:
    return app.get(path, query_string=asked, headers=city.token(who), status=None)


def sentences(body: str) -> list[str]:
    return re.findall(r"<p><strong>(.*?)</strong>", body)


def test_entries_are_sentences_found_by_words_and_exported(city, app) -> None:
    city.publish(title="Jumlah Pasar menurut Kecamatan")
    other = city.publish(title="Daftar Taman Kota")
    city.act("ppid", "satudata_hold_create", id=other["id"], scope="data", reason="x" * 20)
    with pytest.raises(tk.NotAuthorized):
        city.act("warga", "satudata_hold_create", id=other["id"], scope="data", reason="x" * 20)
    found = sentences(read(app, city).body)
    walidata = city.users["walidata"]["fullname"] or city.users["walidata"]["name"]
    words = f"{walidata} menyetujui penetapan atas dataset “Jumlah Pasar menurut Kecamatan”."
    assert words[:1].upper() + words[1:] in found
    assert not [text for text in found if re.search(r"\b(case|hold|version)\.[a-z]", text)]
    # By what it is about, by words of a title, and by a name.
    held = sentences(read(app, city, group="hold").body)
    assert "menangguhkan dataset “Daftar Taman Kota”" in held[0]
    assert not [text for text in held if "menyetujui" in text]
    titled = sentences(read(app, city, id="taman kota").body)
    assert titled
    assert all("Daftar Taman Kota" in text for text in titled)
    assert sentences(read(app, city, id="tidak ada judul begini").body) == []
    assert sentences(read(app, city, actor=city.users["warga"]["name"], group="refused").body)
    wrong = read(app, city, group="tiada")
    assert 'aria-invalid="true"' in wrong.body or wrong.status_code == 200

    table = read(app, city, path=f"{PAGE}.csv", id="taman kota")
    assert table.mimetype == "text/csv"
    assert table.headers["Cache-Control"] == "private, no-store"
    text = table.data.decode("utf-8")
    assert text.startswith("\ufeffCatatan;Waktu;Yang terjadi;")
    lines = text.strip().split("\r\n")
    assert len(lines) == len(titled) + 1
    assert "dataset “Daftar Taman Kota”" in lines[1]
    assert re.search(r";\d\d/\d\d/\d{4} \d\d\.\d\d\.\d\d;", lines[1])
    assert read(app, city, who="warga", path=f"{PAGE}.csv").status_code == 403


def test_what_the_site_does_by_itself_is_the_portals(city, app) -> None:
    """The account that CKAN has for itself is called as the site is in its configuration."""
    dataset = city.publish(title="Jumlah Halte")
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    account = model.User.get(site["name"])
    by = {"actor_id": account.id, "actor_name": account.name, "dataset_id": dataset["id"]}
    ledger.append(model.Session, event="version.add", **by)
    model.Session.commit()
    body = read(app, city).body
    (first, *_) = sentences(body)
    assert first.startswith("Portal ")
    table = read(app, city, path=f"{PAGE}.csv").data.decode("utf-8-sig")
    assert ";Portal;" in table.splitlines()[1]
    assert site["name"] not in "".join(sentences(body)) + table


def test_a_day_is_one_of_the_city(city, app) -> None:
    """What was done at half past one at night is of that day, not of the one before."""
    with freeze_time("2026-12-14T18:30:00Z"):
        city.publish(title="Jumlah Lampu Jalan")
    here = "Jumlah Lampu Jalan"
    for since, until, found in (
        ("15/12/2026", "15/12/2026", True),
        ("14/12/2026", "2026-12-14", False),
    ):
        body = read(app, city, since=since, until=until).body
        assert any(here in text for text in sentences(body)) == found, since
    assert "24/11/2026" in read(app, city, since="kemarin").body


def test_a_title_that_the_auditor_may_not_see_is_not_said_and_not_found(
    city, app, monkeypatch
) -> None:
    """What the auditor may know is asked of the policy, for sentence, filter and file."""
    from ckanext.satudata_pontianak.access.reading import guard

    city.publish(title="Jumlah Sumur Bor")
    assert "Jumlah Sumur Bor" in read(app, city).body
    monkeypatch.setattr(guard, "allowed", lambda _context, ids, *_: dict.fromkeys(ids, False))
    for path in (PAGE, f"{PAGE}.csv"):
        body = read(app, city, path=path).data.decode("utf-8")
        assert "sebuah dataset yang tidak disebut di sini" in body
        assert "dataset “Jumlah Sumur Bor”" not in body
