"""A line is opened, written in, accepted and ended on pages, by who may."""

from __future__ import annotations

import re

from ckanext.satudata_pontianak.smki import filling

from .lines import day, lay, open_lines

HOME = "/satudata/keamanan"
RISK = {
    "threat": "Kunci rusak",
    "cause": "Kunci tidak punya salinan.",
    "asset": "keys",
    "controls": ["backup_fresh"],
    "likelihood": "3",
    "impact": "3",
    "treatment": "reduce",
    "measure": "Salinan dibuat setiap bulan.",
    "owner": "operator",
    "due": day(30),
    "likelihood_after": "1",
    "impact_after": "3",
}


def sent(city, app, who: str, address: str, form, status: int):
    given = {"headers": city.token(who), "follow_redirects": False, "status": status}
    return app.post(f"{HOME}/{address}", data=form, **given)


def test_a_risk_is_opened_accepted_and_ended_on_its_pages(city, app) -> None:
    sent(city, app, "walidata", "register/risiko/baru", RISK, 302)
    (row,) = [r for r in open_lines("risiko") if r.written.get("threat") == "Kunci rusak"]
    assert (row.written["likelihood"], row.written["controls"]) == (3, ["backup_fresh"])
    line = f"baris/{row.number}"
    page = app.get(f"{HOME}/{line}", headers=city.token("penetap"))
    assert f"{HOME}/{line}/terima" in page.body
    assert f"{HOME}/{line}/akhiri" not in page.body
    (digest,) = re.findall(r'name="digest" value="(\w{64})"', page.body)
    accepted = {"until": day(90), "digest": digest}
    sent(city, app, "walidata", f"{line}/terima", accepted, 422)
    sent(city, app, "penetap", f"{line}/terima", {**accepted, "digest": "0" * 64}, 422)
    sent(city, app, "penetap", f"{line}/terima", accepted, 302)
    reason = {"reason": "Tidak berlaku lagi"}
    sent(city, app, "penetap", f"{line}/akhiri", reason, 422)
    sent(city, app, "walidata", f"{line}/akhiri", reason, 422)
    lay(city, "pemilik_risiko", "warga")
    sent(city, app, "warga", f"{line}/akhiri", reason, 302)
    assert not [r for r in open_lines("risiko") if r.id == row.id]
    app.get(f"{HOME}/{line}", headers=city.token("ppid"), status=404)


def test_a_form_that_is_sent_empty_empties_what_people_wrote(city, app) -> None:
    filling.run()
    row = open_lines("aset")[0]
    line = f"baris/{row.number}"
    sent(city, app, "walidata", line, {"retention": "5 tahun", "integrity": "2"}, 302)
    assert open_lines("aset")[0].written == {"retention": "5 tahun", "integrity": 2}
    sent(city, app, "walidata", line, {"integrity": "3"}, 302)
    assert open_lines("aset")[0].written == {"integrity": 3}
    sent(city, app, "walidata", line, {"integrity": "9"}, 422)
    sent(city, app, "ppid", line, {"integrity": "1"}, 403)


def test_a_register_in_which_people_open_no_lines_has_no_page_for_it(city, app) -> None:
    app.get(f"{HOME}/register/orang/baru", headers=city.token("walidata"), status=403)
    app.get(f"{HOME}/register/tiada", headers=city.token("walidata"), status=404)
    page = app.get(f"{HOME}/register/risiko?state=incomplete", headers=city.token("walidata"))
    assert page.status_code == 200
