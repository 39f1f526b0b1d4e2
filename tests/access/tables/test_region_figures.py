"""The figures on the page of a region: of open tables only, of the version that is served."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.records.incident_model import DownloadCount

PAGE = "/en/wilayah/61.71.01"
CSV = (
    b"tahun,kode_kecamatan,jenis,jumlah\n"
    b"2024,61.71.01,Puskesmas,7001\n"
    b"2025,61.71.01,Puskesmas,7002\n"
    b"2025,61.71.02,Puskesmas,7003\n"
)


@pytest.fixture
def said(city, app) -> Any:
    """Return the words of the page of a district, as somebody sees them."""

    def ask(who: str | None = None, page: str = PAGE) -> str:
        body = app.get(page, headers=city.token(who)).body
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

    return ask


def test_an_open_table_tells_its_newest_figures(city, work, make_upload, said) -> None:
    dataset = city.publish(file=make_upload(CSV, "faskes.csv"), satuan="Unit")
    work(dataset)
    told = said()
    assert "Tahun 2025 Jenis Puskesmas Jumlah 7,002 Unit" in told
    assert "7,001" not in told
    assert "7,003" not in told
    assert "7,003" in said(page="/en/wilayah/61.71.02")
    assert "has more rows about this region" in told
    assert "No open table" in said(page="/en/wilayah/61.71.01.1002")
    counted = model.Session.scalar(sa.select(sa.func.sum(DownloadCount.count)))
    assert counted == 2  # the last page showed no rows of it


def test_what_is_closed_tells_nobody_a_figure(city, work, make_upload, said) -> None:
    dataset = city.limit(file=make_upload(CSV, "faskes.csv"))
    work(dataset)
    for who in (None, "warga", "produsen", "walidata", "admin"):
        assert "7,002" not in said(who), who


def test_a_hold_and_a_new_version_are_felt_at_once(city, work, make_upload, said) -> None:
    dataset = city.publish(file=make_upload(CSV, "faskes.csv"))
    work(dataset)
    assert "7,002" in said()
    newer = CSV.replace(b"7002", b"8002")
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(newer, "faskes.csv"))
    work(dataset)
    assert "7,002" in said("produsen")
    city.step("produsen_2", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert "8,002" in said()
    assert "7,002" not in said()
    held = {"id": dataset["id"], "scope": "data", "reason": "Diperiksa dahulu"}
    city.act("ppid", "satudata_hold_create", **held)
    assert "8,002" not in said()
