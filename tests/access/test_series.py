"""A series shows and gives of each reader's members alone, and is unknown to who sees none."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.access.series import rules

TITLE = "Kasus Burung Kenari Menurut Kecamatan Tahun"


def rows(number: int, heading: str = "jumlah") -> bytes:
    return f"kecamatan,{heading}\nPontianak Kota,{number}\nPontianak Barat,{number + 1}\n".encode()


@pytest.fixture
def years(city, make_upload, work):
    """Three years that are open, of which one is missing, and one that waits."""
    found = {
        year: city.publish(title=f"{TITLE} {year}", file=make_upload(rows(year), f"{year}.csv"))
        for year in (2021, 2023, 2024)
    }
    file = make_upload(rows(2025), "2025.csv")
    found[2025] = city.dataset(title=f"{TITLE} 2025", file=file)
    for dataset in found.values():
        join(city, dataset)
        work(dataset)
    return found


def join(city, dataset, member: str = "ya", who: str = "produsen"):
    return city.act(who, "satudata_series_set", id=dataset["id"], member=member)


def shown(city, dataset, who=None):
    return city.act(who, "satudata_series_show", id=dataset["id"])


def periods(found):
    return [each["period"] for each in found["results"]]


def test_each_reader_sees_the_members_that_they_may_know_of(city, years) -> None:
    found = shown(city, years[2024])
    assert periods(found) == ["2024", "2023", "2021"]
    assert found["gaps"] == ["2022"]
    assert (found["may_change"], found["alike"]) == (False, [])
    assert periods(shown(city, years[2024], "produsen")) == ["2025", "2024", "2023", "2021"]
    with pytest.raises(tk.ObjectNotFound):
        shown(city, years[2025])


def test_datasets_that_differ_in_their_period_alone_are_offered_to_who_writes(city) -> None:
    here, there = (city.dataset(title=f"{TITLE} {year}") for year in (2019, 2020))
    city.dataset(title="Kasus Burung Nuri Menurut Kecamatan Tahun 2020")
    found = shown(city, here, "produsen")
    assert [each["id"] for each in found["alike"]] == [there["id"]]
    assert found["name"] is None
    done = join(city, here)
    assert done["receipt"]["entry"]
    assert join(city, here)["receipt"] is None
    assert join(city, here, "tidak")["name"] is None
    assert join(city, here, "tidak")["receipt"] is None


def test_a_dataset_with_other_columns_or_without_a_period_is_refused(city, make_upload) -> None:
    join(city, city.dataset(title=f"{TITLE} 2019", file=make_upload(rows(1), "a.csv")))
    other = city.dataset(title=f"{TITLE} 2020", file=make_upload(rows(1, "kematian"), "b.csv"))
    with pytest.raises(tk.ValidationError) as refused:
        join(city, other)
    assert "member" in refused.value.error_dict
    with pytest.raises(tk.ValidationError):
        join(city, city.dataset(title="Burung Kenari", tahun="2019-2021"))


def test_only_who_writes_a_dataset_says_of_which_series_it_is(city, years) -> None:
    with pytest.raises(tk.NotAuthorized):
        join(city, years[2024], "tidak", "warga")
    with pytest.raises(tk.ObjectNotFound):
        join(city, years[2025], "tidak", "warga")


def test_the_page_and_the_download_hold_what_everybody_may_have(city, years, app) -> None:
    name = shown(city, years[2024])["name"]
    page = app.get(f"/seri/{name}")
    assert "2022" in page.body
    assert "2025" not in page.body
    # Each period once, and whose data they are, what they say and under which licence.
    newest = city.act(None, "package_show", id=years[2024]["id"])
    for part in (newest["organization"]["title"], newest["notes"], "Creative Commons"):
        assert part in page.body
    listed = page.body[page.body.index('id="series-members"') :].partition("</ul>")[0]
    assert [listed.count(f">{year}<") for year in (2021, 2023, 2024)] == [1, 1, 1]
    assert "text-muted" not in listed
    told = list(csv.reader(io.StringIO(app.get(f"/seri/{name}/data.csv").body)))
    assert told[0] == ["periode", "kecamatan", "jumlah"]
    assert [line[0] for line in told[1:]] == ["2021", "2021", "2023", "2023", "2024", "2024"]
    assert told[1] == ["2021", "Pontianak Kota", "2021"]


def test_one_chart_shows_all_open_periods_with_their_source(city, years, app) -> None:
    name = shown(city, years[2024])["name"]
    page = app.get(f"/seri/{name}").body
    assert 'id="series-chart"' in page
    assert f"/seri/{name}/grafik.png" in page
    drawing = app.get(f"/seri/{name}/grafik.svg").body
    assert "<svg" in drawing
    assert "2021" in drawing
    assert "2021–2024" in drawing
    assert "2025" not in drawing
    app.get(f"/seri/{name}/grafik.svg?tema=tiada", status=404)
    hold = {"id": years[2021]["id"], "scope": "data", "reason": "Ada temuan baru"}
    city.act("walidata", "satudata_hold_create", **hold)
    assert "2023–2024" in app.get(f"/seri/{name}/grafik.svg").body


def test_a_series_without_a_member_that_the_reader_sees_is_unknown(city, app) -> None:
    name = join(city, city.dataset(title=f"{TITLE} 2025"))["name"]
    for end in ("", "/data.csv", "/grafik.svg"):
        closed = app.get(f"/seri/{name}{end}", status=404)
        unknown = app.get(f"/seri/tiada-{name[6:]}{end}", status=404)
        assert closed.body.replace(name, "X") == unknown.body.replace(f"tiada-{name[6:]}", "X")


def test_what_is_held_back_is_in_no_download(city, years, app) -> None:
    name = shown(city, years[2024])["name"]
    city.act(
        "walidata",
        "satudata_hold_create",
        id=years[2023]["id"],
        scope="data",
        reason="Ada temuan baru",
    )
    told = app.get(f"/seri/{name}/data.csv").body
    assert "2023" not in told
    assert "2024" in told


def test_a_column_that_one_period_calls_personal_is_in_the_download_of_none(
    city, years, app
) -> None:
    name = shown(city, years[2024])["name"]
    said = {"column": "kecamatan", "public": "tidak", "why": "pribadi"}
    city.act("produsen", "satudata_variable_update", id=years[2023]["id"], **said)
    told = list(csv.reader(io.StringIO(app.get(f"/seri/{name}/data.csv").body)))
    assert told[0] == ["periode", "jumlah"]
    assert told[1] == ["2021", "2021"]
    assert {len(line) for line in told} == {2}
    # Without the districts several rows stand for one year, and their sums are told of years.
    assert "Pontianak Kota" not in app.get(f"/seri/{name}").body


def test_an_editor_makes_a_series_on_the_page_of_a_dataset(city, app) -> None:
    here, there = (city.dataset(title=f"{TITLE} {year}") for year in (2019, 2020))
    address, who = f"/satudata/berkas/{here['name']}/seri", city.token("produsen")
    assert there["id"] in app.get(address, headers=who).body
    joined = {"langkah": "gabung", "anggota": there["id"]}
    app.post(address, data=joined, headers=who, follow_redirects=False, status=303)
    assert periods(shown(city, here, "produsen")) == ["2020", "2019"]
    app.post(address, data={"langkah": "keluar"}, headers=who, follow_redirects=False, status=303)
    assert periods(shown(city, there, "produsen")) == ["2020"]


def test_a_series_that_is_too_much_for_one_file_is_refused(city, years, app, monkeypatch) -> None:
    small = msgspec.structs.replace(rules.series(), cells=10)
    monkeypatch.setattr(rules, "series", lambda: small)
    app.get(f"/seri/{shown(city, years[2024])['name']}/data.csv", status=413)
