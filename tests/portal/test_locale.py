"""Scripts, dates, sizes and names in the reader's language, also where CKAN writes them."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest

import ckan.plugins.toolkit as tk
from ckan.lib import i18n

from ckanext.satudata_pontianak.paths import translations

pytestmark = [
    pytest.mark.usefixtures("clean_db"),
    pytest.mark.ckan_config("ckan.display_timezone", "Asia/Pontianak"),
]


def scripts(app, lang: str) -> dict[str, Any]:
    answer = app.get(f"/api/i18n/{lang}")
    assert answer.headers["Content-Type"].startswith("application/json")
    return json.loads(answer.body)


def test_the_languages_are_known_before_two_first_pages_ask_at_once(app, make_app) -> None:
    """Core's list is filled by whichever threads find it empty, into one list."""
    i18n.available_locales = [*i18n.get_available_locales(), *i18n.get_available_locales()]
    assert make_app().get("/tentang-portal").body.count('rel="alternate" hreflang="en"') == 1
    i18n.available_locales = []
    make_app()
    assert [str(each) for each in i18n.available_locales] == ["id", "en"]


def test_every_text_of_a_script_reaches_the_browser_in_indonesian(app) -> None:
    said = scripts(app, "id")
    listed = json.loads((translations() / "javascript.json").read_text("utf-8"))
    assert len(listed) >= 50
    assert {ids[0] for ids in listed} <= set(said)
    assert said["Cancel"] == [None, "Batal"]
    assert said["There are unsaved modifications to this form"][1].startswith("Ada perubahan")
    assert said[""]["plural-forms"].startswith("nplurals=1")
    plural = "Input is too short, must be at least one character"
    assert len(said[plural]) == 2
    assert "%(num)d" in said[plural][1]


def test_english_has_both_forms_of_a_number(app) -> None:
    said = scripts(app, "en")
    assert said["Cancel"] == [None, "Cancel"]
    assert len(said["Input is too short, must be at least one character"]) == 3
    assert said[""]["plural-forms"].startswith("nplurals=2")


def test_scripts_are_asked_for_once(app) -> None:
    first = app.get("/api/i18n/id")
    mark = first.headers["ETag"]
    assert "max-age" in first.headers["Cache-Control"]
    again = app.get("/api/i18n/id", headers={"If-None-Match": mark})
    assert (again.status_code, again.body) == (304, "")


def test_a_language_that_is_not_offered(app) -> None:
    answer = app.get("/api/i18n/xx", status=400)
    assert json.loads(answer.body) == "Bahasa tidak dikenal: xx"


@pytest.fixture
def told(app):
    """What helpers say on a page of a language."""

    def of(address, *calls):
        with app.flask_app.test_request_context(address, environ_overrides={}) as context:
            context.request.environ["CKAN_LANG"] = "en" if address.startswith("/en") else "id"
            return [getattr(tk.h, name)(*args, **named) for name, args, named in calls]

    return of


CALLS = (
    ("render_datetime", ["2026-12-01T20:30:00"], {}),
    ("render_datetime", ["2026-12-01T20:30:00"], {"with_hours": True}),
    ("render_datetime", ["2026-12-01"], {}),
    ("render_datetime", [None], {}),
    ("localised_number", [1234.5], {}),
    ("localised_filesize", [1258291], {}),
    ("SI_number_span", [14700], {}),
    ("localised_nice_date", [dt.datetime(2026, 12, 1, 1, 0, tzinfo=dt.UTC)], {"show_date": True}),
)


def test_dates_numbers_and_sizes_of_ckan_are_indonesian(told) -> None:
    assert told("/", *CALLS) == [
        "2 Desember 2026",
        "2 Desember 2026, 03.30 WIB",
        "1 Desember 2026",
        "",
        "1.234,5",
        "1,2 MB",
        "<span>14.700</span>",
        "1 Desember 2026",
    ]


def test_dates_numbers_and_sizes_of_ckan_are_english(told) -> None:
    assert told("/en/", *CALLS) == [
        "2 December 2026",
        "2 December 2026, 03:30 WIB",
        "1 December 2026",
        "",
        "1,234.5",
        "1.2 MB",
        "<span>14,700</span>",
        "1 December 2026",
    ]


def test_how_long_ago_and_machines_dates(told) -> None:
    ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=3, hours=1)
    calls = (
        ("time_ago_from_timestamp", [ago.isoformat()], {}),
        ("time_ago_from_timestamp", ["no date"], {}),
        ("render_datetime", ["2026-12-01T20:30:00"], {"date_format": "%Y-%m-%dT%H:%M"}),
    )
    assert told("/", *calls) == ["3 hari yang lalu", "Tidak diketahui", "2026-12-02T03:30"]
    assert told("/en/", *calls) == ["3 days ago", "Unknown", "2026-12-02T03:30"]


def test_fields_of_a_file_are_written_for_people(told) -> None:
    items = [("size", 2048), ("name", "x"), ("last_modified", "2026-12-01T20:30:00"), ("rows", 12)]
    assert told("/", ("format_resource_items", [items], {})) == [
        [("last modified", "2 Desember 2026, 03.30 WIB"), ("rows", "12"), ("size", "2 KB")]
    ]


def test_licences_stand_in_the_order_of_their_names(told) -> None:
    for address in ("/", "/en/"):
        (options,) = told(address, ("license_options", [], {}))
        titles = [title.casefold() for _id, title in options]
        assert titles == sorted(titles)
    (options,) = told("/", ("license_options", ["dahulu"], {}))
    assert options[0] == ("dahulu", "dahulu")


def test_names_are_sorted_without_regard_to_case(told) -> None:
    items = [{"title": "kota"}, {"title": "Dinas"}, {"title": "", "name": "eceran"}]
    (found,) = told("/", ("satudata_by_name", [items], {}))
    assert [i["title"] or i["name"] for i in found] == ["Dinas", "eceran", "kota"]


def test_a_page_names_itself_in_the_other_language(app) -> None:
    for address, lang in (("/dataset/?q=beras", "id"), ("/en/dataset/?q=beras", "en")):
        with app.flask_app.test_request_context(address) as context:
            context.request.environ["CKAN_LANG"] = lang
            context.request.environ["CKAN_CURRENT_URL"] = "/dataset/?q=beras"
            head = tk.render("satudata/snippets/alternates.html")
        links = dict(re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', head))
        assert links == {
            "id": "http://test.ckan.net/dataset/?q=beras",
            "en": "http://test.ckan.net/en/dataset/?q=beras",
            "x-default": "http://test.ckan.net/dataset/?q=beras",
        }


def test_what_templates_of_plugins_say_bare_is_translated(app) -> None:
    values = {"errors": [], "job_errors": [], "obj_errors": []}
    with app.flask_app.test_request_context("/"):
        assert "Rekaman gagal:" in tk.render("emails/summary_email.txt", values)
    with app.flask_app.test_request_context("/") as context:
        context.request.environ["CKAN_LANG"] = "en"
        assert "Records in Error:" in tk.render("emails/summary_email.txt", values)


def test_kinds_of_objects_are_named_in_the_language(app: Any) -> None:
    for lang, wanted in (("id", "Perangkat Daerah"), ("en", "Organizations")):
        with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": lang}):
            said = tk.h.humanize_entity_type("group", "organization", "page title")
            assert said == wanted
            assert tk.h.humanize_entity_type("package", "dataset", "page title") is None
