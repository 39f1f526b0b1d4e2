"""The page of a search and its suggestions, over the whole application."""

from __future__ import annotations

import re

import pytest

from ckanext.satudata_pontianak.access.search import rules

SECRET = "zirbanovitas"
"""A word that stands in a dataset which nobody decided on."""


def count_of(page) -> str:
    found = re.search(r'id="sd-count">\s*([^<]*)', page.get_data(as_text=True))
    return found[1].strip() if found else ""


def get(app, city, who, path, **params):
    return app.get(path, query_string=params, headers=city.token(who))


@pytest.fixture
def catalogue(city):
    return {
        "open": city.publish(
            title="Jumlah Penduduk menurut Kecamatan", tag_string="warga kota", tahun="2019-2021"
        ),
        "draft": city.dataset(title=f"Laporan {SECRET.title()}", tag_string=SECRET),
    }


def test_the_page(app, city, catalogue) -> None:  # one city for all: publishing takes seconds
    page = get(app, city, None, "/dataset/", q="pendudk")
    text = page.get_data(as_text=True)
    assert catalogue["open"]["title"] in text
    assert "penduduk" in text  # told what was searched instead
    assert 'class="sd-filters"' in text
    nothing = get(app, city, None, "/dataset/", q="zzzqqq").get_data(as_text=True)
    assert 'class="sd-filters"' not in nothing  # there is nothing to narrow down

    # What is mistyped is corrected to words that the caller may see, and no others.
    mistyped = SECRET[:-1] + "z"
    for who, sees in ((None, False), ("warga", False), ("produsen", True)):
        text = get(app, city, who, "/dataset/", q=mistyped).get_data(as_text=True)
        assert (SECRET in text.casefold()) == sees, who
        for typed in (mistyped, SECRET[:6]):
            answer = get(app, city, who, "/saran", q=typed)
            assert answer.status_code == 200
            assert (SECRET in answer.get_data(as_text=True).casefold()) == sees, (who, typed)
        facets = '["tags", "satudata_year"]'
        found = get(
            app,
            city,
            who,
            "/api/3/action/package_search",
            **{"facet.field": facets, "rows": 0, "include_private": True},
        ).get_json()["result"]["facets"]
        assert (SECRET in found["tags"]) == sees

    # Each value of a facet leads to the same search, narrowed by it.
    text = get(app, city, None, "/dataset/", q="penduduk & kota").get_data(as_text=True)
    assert 'href="/dataset/?q=penduduk+%26+kota&amp;tags=warga+kota"' in text
    narrowed = get(app, city, None, "/dataset/", tags="warga kota").get_data(as_text=True)
    assert catalogue["open"]["title"] in narrowed
    assert f'href="/dataset/{catalogue["open"]["name"]}"' in narrowed

    # Names of columns are searched: the file has a column "kecamatan" and one "penduduk".
    found = get(app, city, None, "/api/3/action/package_search", q="kecamatan penduduk")
    assert found.get_json()["result"]["count"] == 1

    # Facets and filters.
    page = get(app, city, None, "/dataset/", satudata_year="2020", urusan="1.02")
    assert page.status_code == 200
    assert 'class="sd-chip"' in page.get_data(as_text=True)
    answer = get(
        app, city, None, "/api/3/action/package_search",
        fq='satudata_freshness:"fresh"', **{"facet.field": '["satudata_freshness"]'},
    ).get_json()["result"]  # fmt: skip
    assert answer["count"] == 1
    assert answer["facets"]["satudata_freshness"] == {"fresh": 1}

    # A region is suggested by every spelling; signs are text also where a topic is searched.
    [said] = get(app, city, None, "/saran", q="sei jawi dalam").get_json()["suggestions"]
    assert (said["label"], said["url"]) == ("Sungai Jawi Dalam", "/wilayah/61.71.03.1002")
    page = get(
        app, city, None, f"/topik/{catalogue['open']['urusan']}", q='"penduduk AND (kecamatan'
    )
    assert catalogue["open"]["title"] in page.get_data(as_text=True)

    api = get(app, city, None, "/api/3/action/package_search", q="pendudk")
    assert api.get_json()["result"]["count"] == 0  # a program gets what it asked for


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"q": '"air'}, 200),
        ({"q": "{!lucene}air"}, 200),
        ({"q": "*:*"}, 200),
        ({"q": "title:)("}, 200),
        ({"q": "rasio: guru"}, 200),
        ({"q": "air " * 900}, 200),
        ({"q": "\u202e'--<script>"}, 200),
        ({"q": "\x00\u202e'--<script>"}, 422),
        ({"page": "-1"}, 400),
        ({"page": "99999999999"}, 400),
        ({"sort": "x"}, 200),
        ({"sort": "sleep(4000,1) asc"}, 200),
        ({"q": '"'}, 200),
        ({"q": "air (bersih"}, 200),
        ({"q": "air OR AND (bersih"}, 200),
        ({"q": '_q\\u0075ery_:"{!func v=sleep(4000,1)}"'}, 200),
        ({"urusan": 'a"b'}, 200),
        ({"facet.limit": "-1", "defType": "func", "ext_x": "y"}, 200),
        ({rules.FRESHNESS: "basi"}, 400),
        ({"utm_source": "surat"}, 200),
    ],
)
@pytest.mark.usefixtures("with_plugins", "clean_index")
def test_a_strange_question_has_a_clear_answer(app, params, status) -> None:
    page = app.get("/dataset/", query_string=params)
    assert page.status_code == status
    assert "<script>" not in str(params) or "'--<script>" not in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 200),
        ({"q": ""}, 200),
        ({"q": "{!x}"}, 200),
        ({"q": '"""'}, 200),
        ({"q": "pen) OR (*:*"}, 200),
        ({"q": "a" * 3000}, 200),
        ({"q": "air", "limit": "x"}, 400),
        ({"q": "air", "limit": "0"}, 400),
        ({"q": "air", "limit": "21"}, 400),
    ],
)
@pytest.mark.usefixtures("with_plugins", "clean_index")
def test_suggestions_of_strange_questions(app, params, status) -> None:
    answer = app.get("/saran", query_string=params)
    assert answer.status_code == status
    assert isinstance(answer.get_json(), dict)
