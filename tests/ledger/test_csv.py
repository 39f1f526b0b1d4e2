"""Every CSV that the portal writes opens alike, whichever page or desk it is of."""

from __future__ import annotations

import csv
import io

import pytest

PEOPLE = "nama,lahir,kota\n" + "".join(f"Qanari {n},0{n % 9 + 1}/02/1990,P;tk\n" for n in range(16))


def opened(content: bytes) -> list[list[str]]:
    """Return the rows as a spreadsheet in Indonesia reads them."""
    assert content[:3] == b"\xef\xbb\xbf"
    text = content.decode("utf-8-sig")
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert len(rows[0]) > 1
    return rows


@pytest.fixture
def masked(city, make_upload) -> bytes:
    dataset = city.dataset(file=make_upload(PEOPLE.encode(), "warga.csv"))
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    plan = {"columns": {"nama": "drop", "lahir": "year", "kota": "keep"}, "suppress_below": 0}
    done = city.act(
        "produsen",
        "satudata_version_mask",
        id=dataset["id"],
        version=scan["version"],
        plan=plan,
    )
    return done["scans"][0]["version"]


def test_every_csv_of_the_portal_is_in_one_dialect(app, city, masked, sign) -> None:
    addresses = {
        rule.rule.replace("<name>", "aset")  # a register of information security
        for rule in app.flask_app.url_map.iter_rules()
        if rule.rule.endswith(".csv") and rule.rule.startswith("/satudata/")
    }
    assert len(addresses) >= 6
    city.publish()
    sign()
    for address in sorted(addresses):
        opened(app.get(address, headers=city.token("pengawas"), status=200).data)
    masked_file = app.get(f"/satudata/versi/{masked}/unduh", headers=city.token("produsen")).data
    rows = opened(masked_file)
    assert rows[0] == ["tahun_lahir", "kota"]
    assert rows[1] == ["1990", "P;tk"]
