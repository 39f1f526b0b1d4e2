"""Every kind of page, looked at as people look at it who do not see, hear or move as others do."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from ckanapi import RemoteCKAN, errors
from playwright.sync_api import Page

HERE = Path(__file__).parent
PLACES = yaml.safe_load((HERE / "pages.yaml").read_text("utf-8"))
NAMES = {
    "open": "jumlah-penduduk-menurut-kecamatan",
    "owned": "jumlah-fasilitas-kesehatan-menurut-kecamatan",
    "limited": "kasus-demam-berdarah-menurut-rw",
    "held": "jumlah-posyandu-aktif-menurut-kecamatan",
    "expired": "harga-perkiraan-pengadaan-obat",
    "renewed": "kasus-tuberkulosis-menurut-kelurahan",
    "removed": "dinas-kesehatan-contoh-dihapus",
    "draft": "jumlah-tenaga-kesehatan-menurut-kecamatan",
    "waiting": "jumlah-kunjungan-puskesmas-2025-01",
    "waiting_2": "jumlah-kunjungan-puskesmas-2025-02",
    "referred": "daftar-kontak-posyandu",
    "found": "dinas-kesehatan-contoh-nomor-kependudukan",
}
"""Datasets of the demo by what they show; ``removed`` and ``found`` are made here."""

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NIKS = b"catatan,nik\nContoh Satu,6171014101900001\nContoh Dua,6171020202850002\n"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# 1280 × 1024 at 400 % is a window of 320 × 256 CSS pixels (WCAG 2.2, 1.4.10).
ZOOMED = {"width": 320, "height": 256}
# WCAG 2.2, 1.4.12, to the letter.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
THEMES = {"light": "terang", "dark": "gelap"}
SEVERE = {"serious", "critical"}
# What axe would leave out by itself: the size of what is pressed (WCAG 2.2, 2.5.8).
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# Colours are compared where they come to rest, and what is folded away is looked at as well.
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
DRESS = """theme => { const root = document.documentElement.dataset;
  if (theme === 'device') { delete root.bsTheme } else { root.bsTheme = theme } }"""
# An open menu lies over the page: the page is examined with the menus closed, each of them open.
EXAMINE = """async options => {
  const menus = [...document.querySelectorAll('details.sd-drop')], opened = menus.map(m => m.open);
  menus.forEach(menu => { menu.open = false });
  const found = (await axe.run(document, options)).violations;
  for (const menu of menus) {
    menu.open = true;
    found.push(...(await axe.run(menu, options)).violations);
    menu.open = false;
  }
  menus.forEach((menu, n) => { menu.open = opened[n] });
  return found;
}"""
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"


@dataclass(frozen=True)
class Place:
    """A kind of page: its name, who looks, its address, the status it answers with."""

    name: str
    at: str
    who: str | None = None
    quick: bool = False
    status: int = 200


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each kind of page to a test that asks for ``place``; the quick ones are marked so."""
    wanted = {"place": False, "quick_place": True}
    for argument, quick in wanted.items():
        if argument in metafunc.fixturenames:
            places = [Place(**each) for each in PLACES if each.get("quick") or not quick]
            metafunc.parametrize(argument, places, ids=[each.name for each in places])


@pytest.fixture(scope="session")
def names(site: Any, locked: Any, browser: Any) -> dict[str, str]:
    """Return what stands in the braces of the addresses; makes what the demo does not have."""
    with locked("names"):  # the other process finds it made
        return {**_names(site), "brought": _brought(site, browser)}


def _brought(site: Any, browser: Any) -> str:
    """Return the id of a workbook that somebody brought, and that waits for them to go on."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.title = "Rekap Oktober 2026"
    groups = ("Bayi", "Balita", "Anak Usia Sekolah", "Remaja", "Dewasa", "Lanjut Usia")
    lines = [
        ["PEMERINTAH KOTA PONTIANAK"],
        [],
        ["Jumlah Kunjungan Puskesmas Menurut Kecamatan dan Kelompok Usia"],
        [],
        ["No.", "Kecamatan", *(f"{group} - {sex}" for group in groups for sex in ("L", "P"))],
        *([n, f"Pontianak {n}", *range(n, n + 12)] for n in range(1, 7)),
        ["Jumlah", None, *(sum(range(k, k + 6)) for k in range(1, 13))],
        [],
        ["Sumber: Dinas Kesehatan, 2026"],
        [],
        [None, None, "Kepala Dinas"],
        [None, None, "NIP. 19700101 199503 1 001"],
    ]
    for line in lines:
        sheet.append(line)
    book.save(out)
    window = browser.new_context(base_url=site.url, locale="id-ID")
    page = window.new_page()
    page.goto("/user/login", wait_until="networkidle")
    page.fill("#field-login", "produsen_dinkes")
    page.fill("#field-password", site.passwords["produsen_dinkes"])
    page.press("#field-password", "Enter")
    page.wait_for_url(lambda url: "/user/login" not in url)
    page.goto("/satudata/unggah")
    file: Any = {"name": "rekap.xlsx", "mimeType": SPREADSHEET, "buffer": out.getvalue()}
    page.set_input_files("#road-upload", file)
    page.click("#content form[enctype] button[type=submit]")
    page.wait_for_selector("#intake-rows")
    brought = page.url.rstrip("/").rsplit("/", 1)[1]
    window.close()
    return brought


def _names(site: Any) -> dict[str, str]:
    found = dict(NAMES)

    def call(who: str, action: str, **params: Any) -> Any:
        with RemoteCKAN(site.url, apikey=site.tokens[who]) as remote:
            return getattr(remote.action, action)(**params)

    def file_of(who: str, dataset: str) -> str:
        return call(who, "package_show", id=dataset)["resources"][0]["id"]

    _made(call, found["found"], "Daftar Contoh dengan Nomor Kependudukan", NIKS)
    found["file"] = file_of("warga", found["open"])
    found["owned_file"] = file_of("produsen_dinkes", found["owned"])
    found["limited_file"] = file_of("warga", found["limited"])
    draft = call("produsen_dinkes", "satudata_classification_show", id=found["draft"])
    found["draft_version"] = draft["scans"][0]["version"]
    held = call("ppid", "satudata_classification_show", id=found["held"])
    found["hold"] = held["holds"][0]["id"]
    register = call("warga", "satudata_information_register", register="dik")
    found["item"] = register["results"][0]["url"].rsplit("/", 1)[-1]
    found["request"] = _request(call, found["limited"])
    found["incident"] = str(_incident(call, found["owned"]))
    found["decision"] = _decision(call, found["limited"])
    found["removal"] = _removal(call)
    found["series"] = _series(call)
    return found


def _decision(call: Callable[..., Any], name: str) -> str:
    """Return the decision that closes a dataset, by the receipt that its page shows."""
    receipt = call("ppid", "satudata_classification_show", id=name)["decision"]["receipt"]
    shown = call("ppid", "satudata_receipt_show", code=receipt)
    return shown["records"][0]["decision"]["id"]


def _removal(call: Callable[..., Any]) -> str:
    """Return the case of a removal that was asked for and waits on its agency's desk."""
    name, step = NAMES["removed"], "satudata_classification_transition"
    if _made(call, name, "Daftar Contoh yang Dihapus", b"kecamatan,jumlah\nPontianak Kota,7\n"):
        call("walidata", step, id=name, transition="approve")
        asked = {"case_kind": "remove", "removes": "dataset", "reason": "Contoh penghapusan"}
        call("produsen_dinkes", step, id=name, transition="reopen", **asked)
    return call("produsen_dinkes", "satudata_classification_show", id=name)["case"]["id"]


def _series(call: Callable[..., Any]) -> str:
    """Return the name of a series of two open years."""
    name = ""
    for year in (2023, 2024):
        one, step = f"dinas-kesehatan-contoh-{year}", "satudata_classification_transition"
        content = f"kecamatan,jumlah\nPontianak Kota,{year}\nPontianak Barat,{year - 9}\n".encode()
        if _made(call, one, f"Contoh Kegiatan Menurut Kecamatan Tahun {year}", content):
            call("walidata", step, id=one, transition="approve")
        name = call("produsen_dinkes", "satudata_series_set", id=one, member="ya")["name"]
    return name


def _made(call: Callable[..., Any], name: str, title: str, content: bytes) -> bool:
    """Make a submitted dataset with a file; tell whether an earlier run had not."""
    try:
        call("produsen_dinkes", "package_show", id=name)
    except errors.NotFound:
        model = call("produsen_dinkes", "package_show", id=NAMES["owned"])
        kept = (
            "konsep definisi klasifikasi_penyajian ukuran satuan tahun urusan jenis_data cakupan "
            "frekuensi_penerbitan level_penyajian license_id maintainer maintainer_email owner_org"
        ).split()
        call(
            "produsen_dinkes",
            "package_create",
            **{key: model[key] for key in kept if model.get(key)},
            name=name,
            title=title,
            notes="Contoh untuk dilihat.",
            jenis_informasi="berkala",
            tingkat_keamanan="biasa",
            data_pribadi="tidak_ada",
        )
        file = io.BytesIO(content)
        file.name = "daftar.csv"
        call("produsen_dinkes", "resource_create", package_id=name, name="Daftar", upload=file)
        call("produsen_dinkes", "satudata_classification_transition", id=name, transition="submit")
        return True
    return False


def _request(call: Callable[..., Any], dataset: str) -> str:
    """Return a citizen's request for limited data that nobody has answered."""
    mine = call("warga", "satudata_access_request_list", id=dataset)["results"]
    if mine:
        return mine[0]["id"]
    until = (dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=20)).isoformat()
    purpose = "Penelitian tentang demam berdarah di kota"
    action = "satudata_access_request_create"
    return call("warga", action, id=dataset, purpose=purpose, until=until)["id"]


def _incident(call: Callable[..., Any], dataset: str) -> int:
    """Return the number of an incident that is open."""
    there = call("ppid", "satudata_incident_list", id=dataset)["results"]
    if there:
        return there[0]["number"]
    known = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
    reason = "Ada laporan warga tentang berkas ini (contoh)"
    begun = call("walidata", "satudata_incident_begin", id=dataset, known_at=known, reason=reason)
    return begun["number"]


@dataclass
class Look:
    """Somebody before a page, in a theme and at a size."""

    page: Page
    address: str

    def dress(self, theme: str) -> None:
        """Wear the light or the dark theme, as a page does that the cookie asks for it.

        ``device`` is the dark theme of whoever chose none and has a dark device.
        """
        self.page.emulate_media(color_scheme="dark" if theme == "device" else "light")
        self.page.evaluate(DRESS, theme)

    def resize(self, size: str) -> None:
        """Look at it at another size."""
        self.page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]

    def fits_when_enlarged(self) -> None:
        """Check that nothing is cut or scrolls sideways at 400 % and with wider spacing."""
        self.page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        self._fits("at 400 %")
        self.resize("phone")
        self.page.add_style_tag(content=SPACING)
        self._fits("with wider spacing")
        assert self.page.evaluate("satudataEyes.cut()") == [], self.address

    def _fits(self, how: str) -> None:
        wide = self.page.evaluate(WIDER)
        outside = self.page.evaluate("satudataEyes.outside()")
        assert wide <= 0, f"{self.address} {how} is {wide} px too wide: {outside}"
        assert self.page.evaluate("satudataEyes.scrollers()") == [], f"{self.address} {how}"

    def complaints(self) -> list[str]:
        """Return what axe finds that is serious or critical, one line for each element."""
        violations = self.page.evaluate(EXAMINE, RULES)
        return [
            f"{rule['id']} ({rule['impact']}): {' '.join(node['target'][0:1])} {_why(node)}"
            for rule in violations
            if rule["impact"] in SEVERE
            for node in rule["nodes"]
        ]


def _why(node: dict[str, Any]) -> str:
    checks = [*node.get("any", ()), *node.get("all", ()), *node.get("none", ())]
    return "; ".join(check["message"] for check in checks)[:300]


@pytest.fixture(scope="session")
def axe_script() -> str:
    """Return axe-core, which a package on PyPI carries: no network is needed."""
    return Axe().axe_script


@pytest.fixture(scope="session")
def eyes() -> str:
    """Return the script that sees what no rule of axe does."""
    return (HERE / "eyes.js").read_text("utf-8")


@pytest.fixture
def look(
    visit: Any, names: dict[str, str], site: Any, axe_script: str, eyes: str
) -> Callable[..., Look]:
    """Return who opens a kind of page, in a theme and at a size, and can have it examined."""

    def open_place(place: Place, theme: str = "light", size: str = "desktop") -> Look:
        page = visit(place.who, size=SIZES[size])
        # A theme is chosen as its button does it: by a cookie.
        chosen: Any = {"name": "satudata_tema", "value": THEMES[theme], "url": site.url}
        page.context.add_cookies([chosen])
        address = place.at.format(**names)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == place.status, f"{address} answers {answer.status}"
        page.add_style_tag(content=STILL)
        page.evaluate(UNFOLD)
        page.evaluate(axe_script)
        page.evaluate(eyes)
        return Look(page, address)

    return open_place
