"""The home page: what is open for everybody, and nothing else, whoever looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.incident_model import DownloadCount
from ckanext.satudata_pontianak.classification.versions import table_state, tables
from ckanext.satudata_pontianak.portal.catalogue import home

WHY = "Sedang diperiksa lagi"
POPULATION = "jumlah-penduduk-menurut-kecamatan"
ROWS = b"kecamatan,jumlah_penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Begin without figures that an earlier test read; leave no table behind."""
    home._kept.clear()
    yield
    model.Session.rollback()
    table_care.drop([table_state.table_of(v) for v in table_care.existing()])


def rows_of(dataset: dict[str, Any]) -> dict[str, Any]:
    """Make the tables of an approved dataset, as the worker does."""
    served = [v.id for _, v in reads.pointers_of([dataset["id"]]).values()]
    model.Session.rollback()
    for version_id in served:
        tables.load(version_id)
    return dataset


def main(page: Any) -> str:
    """Return the marks of the page between header and footer."""
    return page.body.partition("<main")[2].partition("</main>")[0]


def test_an_empty_portal_says_what_comes(city: Any, desk: Any) -> None:
    page = desk.get(None, "/en/")
    assert page.status == 200
    assert "No dataset is open yet." in main(page)
    assert 'name="q"' in main(page)
    assert "sd-numbers" not in page.body


def test_what_is_open_stands_there_and_what_is_not_does_not(
    city: Any, desk: Any, make_upload: Any
) -> None:
    rows_of(city.publish(name=POPULATION, title="Warga per kecamatan", file=make_upload(ROWS)))
    assert "Ditangguhkan" not in main(desk.get(None, "/"))
    held_data = city.publish(title="Sebagian ditangguhkan kenari")
    city.act("walidata", "satudata_hold_create", id=held_data["id"], scope="data", reason=WHY)
    newest = main(desk.get(None, "/")).partition("Sebagian ditangguhkan kenari")[2]
    assert "Ditangguhkan" in newest.partition("</li>")[0]
    city.limit(title="Rapat tertutup kenari")
    city.dataset(title="Belum diputuskan kenari")
    held = city.publish(title="Ditahan kenari")
    city.act("walidata", "satudata_hold_create", id=held["id"], scope="all", reason=WHY)
    city.seal()
    for who in (None, "warga", "produsen", "walidata", "admin"):
        page = desk.get(who, "/en/")
        content = main(page)
        assert "Warga per kecamatan" in content, who
        assert "Belum diputuskan kenari" not in content, who
        assert "Ditahan kenari" not in content, who
        assert "301,982" in content, who
        assert "Population Administration and Civil Registration" in content, who
    assert "301.982" in main(desk.get(None, "/"))


def test_a_figure_goes_with_what_it_was_read_from(city: Any, desk: Any, make_upload: Any) -> None:
    dataset = rows_of(city.publish(name=POPULATION, file=make_upload(ROWS)))
    assert "301,982" in main(desk.get(None, "/en/"))
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
    assert "301,982" not in main(desk.get(None, "/en/"))


def test_a_withheld_cell_makes_no_figure(city: Any, desk: Any, make_upload: Any) -> None:
    rows = b"kecamatan,jumlah_penduduk\nPontianak Kota,*\nPontianak Barat,156782\n"
    rows_of(city.publish(name=POPULATION, file=make_upload(rows)))
    assert "sd-numbers" not in desk.get(None, "/en/").body


def test_the_page_itself_makes_nothing_much_used(
    city: Any, desk: Any, make_upload: Any, app: Any
) -> None:
    dataset = rows_of(city.publish(name=POPULATION, title="Warga", file=make_upload(ROWS)))
    assert "Nothing has been downloaded yet" in main(desk.get(None, "/en/"))
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(DownloadCount)) == 0
    resource = dataset["resources"][0]
    for _ in range(2):
        app.get(f"/dataset/{dataset['id']}/resource/{resource['id']}/download")
    # Another address: a page that is kept does not follow every download.
    used = (
        main(desk.get(None, "/en/?lagi=1"))
        .partition('id="home-used"')[2]
        .partition("</section>")[0]
    )
    assert "Warga" in used
    assert "2 downloads" in used
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
    # Another address: a page that is kept does not follow every download.
    used = (
        main(desk.get(None, "/en/?lagi=1"))
        .partition('id="home-used"')[2]
        .partition("</section>")[0]
    )
    assert "Warga" not in used
