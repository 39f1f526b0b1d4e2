"""Whether the page of a dataset helped: counted without persons, shown to the agency alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.smki.records.helped_model import Helped
from ckanext.satudata_pontianak.surface import rates


def counted() -> list[tuple[str, int, int]]:
    model.Session.rollback()
    query = sa.select(Helped.package_id, Helped.day, Helped.yes, Helped.no)
    rows = model.Session.execute(query).all()
    assert {row.day for row in rows} <= {days.today()}
    return [(row.package_id, row.yes, row.no) for row in rows]


def test_a_page_that_is_kept_takes_the_answer_of_who_has_no_name_or_script(city, app) -> None:
    package, closed = city.publish(), city.seal()
    page = app.get(f"/dataset/{package['name']}")
    address = f"/membantu/{package['name']}"
    assert f'action="{address}"' in page.body
    site = {"Origin": tk.config["ckan.site_url"], "Sec-Fetch-Site": "same-origin"}
    sent = app.post(address, data={"helped": "ya"}, headers=site, follow_redirects=False)
    thanks = sent.headers["Location"]
    assert (sent.status_code, "Set-Cookie" in sent.headers) == (303, False)
    yes = app.get(thanks)  # which its links of language lead back to, and which counts nothing
    assert (yes.status_code, "no-store" in yes.headers["Cache-Control"]) == (200, True)
    assert "/jepin/lapor/" not in yes.body
    assert "Set-Cookie" not in yes.headers
    no = app.post(address, data={"helped": "tidak"}, headers=site)
    assert f"/jepin/lapor/{package['name']}" in no.body
    assert counted() == [(package["id"], 1, 1)]
    # No page of another site answers for its reader.
    for elsewhere in ({"Origin": "https://lain.contoh"}, {"Sec-Fetch-Site": "cross-site"}):
        assert app.post(address, data={"helped": "ya"}, headers=elsewhere).status_code == 403
    assert app.post(address, data={"helped": "mungkin"}, headers=site).status_code == 404
    assert app.get(f"{address}?jawaban=mungkin", status=404)
    seen = {
        app.get(f"/membantu/{name}?jawaban=ya", status=404).body.replace(name, "")
        for name in (closed["name"], "tidak-ada")
    }
    assert len(seen) == 1
    unseen = {
        app.post(f"/membantu/{name}", data={"helped": "ya"}, headers=site, status=404).body.replace(
            name, ""
        )
        for name in (closed["name"], "tidak-ada")
    }
    assert len(unseen) == 1
    assert counted() == [(package["id"], 1, 1)]
    with pytest.raises(tk.ValidationError):
        city.act(None, "satudata_helped_answer", id=package["id"], helped="mungkin")


def test_an_address_answers_so_often_and_the_agency_alone_reads_it(city, app) -> None:
    package = city.publish()
    most = min(item.amount for item in rates.kind("whether a page helped").items())
    there = {"X-Forwarded-For": f"2001:db8:{package['id'][:4]}:{package['id'][4:8]}::1"}
    got = [
        app.post(f"/membantu/{package['id']}", data={"helped": "tidak"}, headers=there).status_code
        for _ in range(most + 1)
    ]
    assert got == [200] * most + [429]
    office = {"id": city.orgs["dinkes"]["name"]}
    row = {"name": package["name"], "title": package["title"], "yes": 0, "no": most}
    for who, told in (("staf", [row]), ("walidata", [row]), ("pegawai_dinsos", [])):
        assert city.act(who, "satudata_agency_office", **office)["helped"] == told
    address = f"/satudata/kerja-sama/perangkat-daerah/{office['id']}"
    assert f'href="/dataset/{package["name"]}"' in app.get(address, headers=city.token("staf")).body
    model.Package.get(package["id"]).purge()
    model.Session.commit()
    assert counted() == []
