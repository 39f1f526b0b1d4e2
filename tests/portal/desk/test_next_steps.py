"""Every page that refuses says what helps, as a button, in words of people."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest

import ckanext.satudata_pontianak as extension

ROOT = Path(extension.__file__).parent
CODES = {"403", "409"}

PLACES = {
    "access/tables/views.py": "error page: the file's reasons, or the dataset",
    "access/tables/spreadsheet.py": "error page: the file's reasons, or the dataset",
    "access/views.py": "error page: the file's reasons, or the dataset",
    "accounts/resets.py": "error page, and a note with steps",
    "agencies/views.py": "error page: the agency, the desk",
    "portal/desk/findings_form.py": "the case with steps above it",
    "portal/desk/next_file_page.py": "error page: the file with what to do above it",
    "portal/desk/intake_pages.py": "error page: the desk, or the step with what to do above it",
    "portal/offices/decrees.py": "error page: the desk",
    "portal/offices/delegations.py": "error page, or its own list with steps above it",
    "portal/offices/emergency.py": "a side road that is closed; error page",
    "portal/offices/following_pages.py": "a note with steps",
    "portal/offices/incident_pages.py": "the incident with steps above it",
    "portal/ledger/pages.py": "error page: the desk",
    "portal/plots/views.py": "a side road that is closed; error page",
    "portal/offices/proposals.py": "error page: the desk",
    "portal/web/request_forms.py": "the form, with steps above it",
    "portal/offices/request_mailbox.py": "a note with steps",
    "portal/offices/requests.py": "the request with steps above it",
    "portal/offices/rescue.py": "error page: the desk",
    "portal/web/form_page.py": "the form or a side road that is closed, with steps",
    "portal/offices/session_pages.py": "the list of sessions with its buttons",
    "portal/catalogue/table_page.py": "error page: the file's reasons, or the dataset",
    "portal/catalogue/table_files.py": "error page: the file's reasons, or what to ask instead",
    "portal/operator/upkeep.py": "error page: the desk",
    "portal/cooperation/bring_page.py": "error page: the desk",
    "portal/cooperation/helped_pages.py": "error page: the desk",
    "portal/cooperation/series_page.py": "error page: the dataset",
    "portal/cooperation/statistical_pages.py": "error page: the desk",
    "portal/jepin/list_pages.py": "error page: the desk",
    "portal/jepin/point_pages.py": "a side road that is closed, with steps",
    "portal/jepin/reuse_pages.py": "error page: the desk",
    "portal/jepin/wish_pages.py": "error page: the desk",
    "portal/smki/event_pages.py": "error page: the desk",
    "portal/smki/files.py": "error page: the desk",
    "portal/smki/pages.py": "error page: the desk",
    "portal/smki/personal_data_pages.py": "error page: the desk",
    "portal/smki/register_pages.py": "error page: the desk",
    "portal/smki/rights_pages.py": "error page: the desk",
    "portal/smki/sop_pages.py": "error page: the desk",
    "portal/views.py": "the case, or the error page",
    "sop/report_views.py": "error page: the desk",
}
"""Modules whose pages answer 403 or 409, and what stands on these."""
NO_PAGES = {
    "access/limits/arguments.py": "answers to programs",
    "accounts/callers.py": "an answer of the API",
    "accounts/factor_gate.py": "an answer of the API",
    "access/reading/problems.py": "answers to programs; core's pages go on to the error page",
    "portal/operator/exposure_checks.py": "asks an address of its own",
}


def _refusing(path: Path) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    return any(
        isinstance(node, ast.Constant) and type(node.value) is int and str(node.value) in CODES
        for node in ast.walk(tree)
    )


def test_every_module_whose_pages_refuse_is_listed() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "migration" not in path.parts and _refusing(path)
    }
    assert found - set(NO_PAGES) == set(PLACES)


# A parameter, an action, a code of ours or an id between words: a_b, 'remove', `nomor_sk`.
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|'(?:remove|move|classify|reopen)'|[0-9a-f]{8}-[0-9a-f]{4}-")
BUTTON = re.compile(r'<a class="btn [^"]*" href="([^"]+)"')


@pytest.fixture
def refused(app, city):
    """Return who asks for which page in vain, and where a button has to lead."""
    limited, published, draft = city.limit(), city.publish(), city.dataset()
    city.step("produsen", draft, "submit")
    name, file = limited["name"], limited["resources"][0]["id"]
    shown = published["name"]
    ask = f"/satudata/akses/{limited['id']}"
    held = "tahan", "buka", "hapus", "insiden"
    return [
        *[
            ("warga", f"/dataset/{name}/resource/{file}/{end}", 403, ask)
            for end in ("download", "tabel", "grafik", "lembar.csv")
        ],
        ("warga", f"/datastore/dump/{file}", 403, ask),
        *[("warga", f"/satudata/berkas/{shown}/{end}", 403, f"/dataset/{shown}") for end in held],
        ("warga", f"/satudata/berkas/{shown}/unggah", 403, f"/dataset/{shown}"),
        ("warga", f"/satudata/berkas/{shown}/seri", 403, f"/dataset/{shown}"),
        ("produsen", f"/satudata/berkas/{draft['name']}/hapus", 403, f"/berkas/{draft['name']}"),
        ("warga", f"/dataset/edit/{shown}", 403, f"/dataset/{shown}"),
        ("warga", "/satudata/buku-catatan/entri", 403, "/satudata/permohonan"),
        ("warga", "/satudata/layanan/daftar", 403, "/satudata/permohonan"),
        ("produsen", "/satudata/kesesuaian", 403, "/satudata/meja"),
        ("produsen", "/satudata/bukti", 403, "/satudata/meja"),
        ("produsen", "/satudata/akses-darurat", 403, "/satudata/meja"),
        ("produsen", "/satudata/keanggotaan", 403, "/satudata/meja"),
        ("produsen", "/ckan-admin/keadaan", 403, "/satudata/meja"),
        ("produsen", "/ckan-admin/config", 403, "/satudata/meja"),
        ("produsen", "/organization/edit/dinsos", 403, "/organization/dinsos"),
        ("produsen", "/satudata/perangkat-daerah/disdukcapil/pelimpahan", 403, "/satudata/meja"),
        ("produsen", f"/satudata/berkas/{shown}/akses-darurat", 403, f"/dataset/{shown}"),
    ]


def test_each_refused_page_leads_on_by_a_button_and_speaks_no_code(refused, city, app) -> None:
    wrong = []
    for who, path, status, leads in refused:
        headers = {**city.token(who), "Accept": "text/html"}
        page = app.get(path, headers=headers, follow_redirects=False)
        content = page.body.partition('id="content"')[2].partition("<footer")[0]
        said = html.unescape(re.sub(r"<[^>]+>", " ", content))
        buttons = [href for href in BUTTON.findall(content) if not href.endswith("/")]
        if page.status_code != status:
            wrong.append(f"{who} {path}: {page.status_code}")
        elif not any(href.partition("?")[0].endswith(leads) for href in buttons):
            wrong.append(f"{who} {path}: no button to {leads}, but {buttons}")
        elif CODE.search(said):
            wrong.append(f"{who} {path}: says {CODE.findall(said)}")
    assert not wrong, "\n".join(wrong)


def test_who_is_not_signed_in_is_offered_to_log_in(city, app) -> None:
    dataset = city.publish()
    page = app.get(f"/dataset/edit/{dataset['name']}", headers={"Accept": "text/html"})
    if page.status_code == 200:  # core leads to the log-in itself
        assert "field-login" in page.body
        return
    assert page.status_code in (401, 403)
    assert "/user/login?came_from=" in page.body


def test_what_core_refuses_on_its_pages_leads_to_the_case(desk, city) -> None:
    """409: a dataset that is being checked is not removed; its case says what may be done."""
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    page = desk.post("kepala_dinkes", f"/dataset/delete/{dataset['name']}", {})
    assert page.status == 409
    assert f'href="/satudata/berkas/{dataset["name"]}"' in page.body
    assert not CODE.search(page.text)


def test_a_step_of_somebody_else_is_refused_with_what_helps(desk, city) -> None:
    dataset = city.dataset()
    page = desk.post("pengawas", f"/satudata/berkas/{dataset['name']}", {"transition": "submit"})
    assert page.status == 403
    assert 'class="sd-next-steps"' in page.body
    assert not CODE.search(page.text)
