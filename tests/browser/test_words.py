"""What people see speaks their words: none that is called otherwise here, no id, no ISO date."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import yaml
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
OTHER = yaml.safe_load((ROOT / "i18n" / "other_words.yaml").read_text("utf-8"))
FORBIDDEN = re.compile(rf"(?<!\w)(?:{'|'.join(OTHER)})(?!\w)", re.IGNORECASE)
CODES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-|\b20\d\d-\d\d-\d\d\b|\b(?:produsen_data|atasan_ppid)\b"
)
# Names of offices, affairs and datasets, and what a file itself calls its columns; drawings cut a
# long name.
NAMES = re.compile(
    r"sumber daya (?:manusia|mineral|air|alam)|pengembangan sumber daya|organisasi kemasyarakatan"
    r"|'[^'\n]{1,60}'",
    re.IGNORECASE,
)
RAW = ("/satudata/buku-catatan/entri",)
"""Pages whose folded parts are the records themselves, for whoever proves them."""
# What is folded away is read by whoever opens it; code is for programs.
LOOK = """raw => {
  document.querySelectorAll('pre, code').forEach(each => { each.style.display = 'none' });
  if (!raw) document.querySelectorAll('details').forEach(each => { each.open = true });
}"""
ROWS = b"kecamatan,jumlah\nPontianak Kota,7\nPontianak Barat,9\n"
OPEN, LIMITED = "jumlah-penduduk-menurut-kecamatan", "kasus-demam-berdarah-menurut-rw"
WAITING, REFERRED = "jumlah-kunjungan-puskesmas-2025-01", "daftar-kontak-posyandu"
READ = {
    None: [
        "/",
        f"/dataset/{OPEN}",
        f"/dataset/{LIMITED}",
        "/satudata/keterbukaan",
        "/satudata/dik",
        "/satudata/buku-catatan",
        "/satudata/transparansi",
        "/tentang-portal",
    ],
    "warga": [f"/satudata/akses/{LIMITED}", "/satudata/meja"],
    "produsen_dinkes": ["/satudata/meja", "/dataset/new", f"/satudata/berkas/{LIMITED}/hapus"],
    "walidata": [
        "/satudata/antrean",
        f"/satudata/berkas/{WAITING}",
        f"/satudata/berkas/{OPEN}/tahan",
        "/satudata/pemberitahuan",
    ],
    "ppid": ["/satudata/meja", f"/satudata/berkas/{REFERRED}", "/satudata/insiden"],
    "pengawas": ["/satudata/buku-catatan/entri", "/satudata/kesesuaian"],
}


def test_pages_speak_the_words_of_the_glossary(visit, api, proposed, title) -> None:
    # Something that did not go as written: the report of it names the dataset and the step.
    name, until = proposed(title, ROWS), dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    why = {"reason": "Walidata dan wakilnya sakit.", "until": until.isoformat(timespec="minutes")}
    begun = api("admin", "satudata_break_glass_start", id=name, duty="walidata", **why)
    api("admin", "satudata_classification_transition", id=name, transition="approve")
    api("admin", "satudata_break_glass_end", id=begun["id"])
    wrong = []
    for who, paths in READ.items():
        page = visit(who)
        for path in paths:
            assert page.goto(path).status == 200, path
            page.evaluate(LOOK, path in RAW)
            said = NAMES.sub("", page.locator("body").inner_text())
            found = {m[0] for m in FORBIDDEN.finditer(said)} | {m[0] for m in CODES.finditer(said)}
            wrong += [f"{who} {path}: {word}" for word in sorted(found)]
    page = visit("pengawas")
    page.goto("/satudata/kesesuaian")
    expect(page.locator("body")).to_contain_text(title)
    table = page.request.get("/satudata/kesesuaian.csv").text()
    assert title in table
    wrong += [f"kesesuaian.csv: {m[0]}" for m in CODES.finditer(table)]
    assert not wrong, "\n".join(wrong)
