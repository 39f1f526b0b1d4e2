"""Stories told with data: each picture asks the policy, and hides nothing by its line."""

from __future__ import annotations

from ckanext.satudata_pontianak.portal.demo import catalogue
from ckanext.satudata_pontianak.portal.plots import stories
from ckanext.satudata_pontianak.portal.plots.stories import Part, Story

from .test_plots import get, tabled

__all__ = ["tabled"]
LINE = "This chart is not available at the moment."


def test_each_picture_asks_the_policy_and_without_any_there_is_no_story(
    city, app, tabled, monkeypatch
):
    shown, _ = tabled()
    closed, _ = tabled(city.limit)
    file = shown["resources"][0]["name"]
    parts = tuple(
        Part(f"bagian-{n}", name, f"Part {n}", "Words.", map=map, file=file)
        for n, (name, map, file) in enumerate(
            (
                (shown["name"], False, file),
                (shown["name"], True, ""),
                (closed["name"], False, ""),
                ("tiada", False, ""),
                (shown["name"], False, "Berkas lain"),
            )
        )
    )
    told = Story("tentang-kasus", "How many cases?", "About cases.", parts)
    monkeypatch.setattr(stories, "known", lambda: {told.name: told})
    assert "How many cases?" in get(app, city, None, "/en/cerita").body
    page = get(app, city, None, "/en/cerita/tentang-kasus")
    assert page.status_code == 200, page.body
    resource = shown["resources"][0]["id"]
    for id in (f"grafik-{resource}", f"peta-{resource}"):
        assert page.body.count(f'id="{id}"') == 1
    assert page.body.count("data-sd-libraries") == 1
    # What is limited, what is not there and another file leave the same line, and no other trace.
    assert page.body.count(LINE) == 3
    parted = [p.partition("</section>")[0] for p in page.body.split("Words.</p>")[1:]]
    assert parted[2] == parted[3]
    assert closed["name"] not in page.body
    assert f'/dataset/{shown["name"]}"' in page.body.partition('id="sumber"')[2]
    # For whoever may read it, it is a page of open data all the same.
    assert get(app, city, "produsen", "/en/cerita/tentang-kasus").body.count(LINE) == 3
    why = "Ada laporan, diperiksa hari ini"
    city.act("walidata", "satudata_hold_create", id=shown["id"], scope="data", reason=why)
    assert get(app, city, None, "/en/cerita/tentang-kasus").status_code == 404
    assert get(app, city, None, "/en/cerita/tiada").status_code == 404
    assert "There is no story yet." in get(app, city, None, "/en/cerita").body


def test_the_stories_that_come_along_are_told_with_the_datasets_of_the_demo():
    there = {one.name: one for one in catalogue.datasets() if one.published}
    for story in stories.known().values():
        assert {part.dataset for part in story.parts} <= there.keys()
        for part in story.parts:
            assert part.file in {file.name for file in there[part.dataset].files}
        assert sum(part.map for part in story.parts) >= 1
        assert sum(not part.map for part in story.parts) >= 3
