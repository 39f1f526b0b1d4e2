"""Take the pictures of README and docs from the demo site, small enough for a repository.

Usage: screenshots.py FOLDER [NAME...], with SATUDATA_SITE_URL, _RUN_DIR and _CHROMIUM set.

With names, only these pictures. Each picture has at most ``LARGEST`` bytes: colours are reduced to
a palette, and where that is not enough its lower end is cut.
"""

from __future__ import annotations

import io
import json
import os
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
LARGEST = 150_000
PHONE = 390
DARK = {"name": "satudata_tema", "value": "gelap"}
LIGHT = {"name": "satudata_tema", "value": "terang"}


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page, who looks, the window, the theme."""

    name: str
    address: str
    who: str | None = None
    width: int = 1200
    height: int = 900
    dark: bool = False


DATASET = "/dataset/jumlah-penduduk-menurut-kecamatan"
MAP = (
    "/dataset/kepadatan-penduduk-menurut-kelurahan/resource/{resource}/grafik"
    "?jenis=peta&ukuran=kepadatan_per_km2"
)
"""``{resource}``: the first file of the dataset that the address names."""

PICTURES = (
    Picture("peta", MAP, height=1250),
    Picture("peta-ponsel", MAP, width=PHONE, height=844),
    Picture("beranda", "/", height=1000),
    Picture("beranda-gelap", "/", height=1000, dark=True),
    Picture("beranda-ponsel", "/", width=PHONE, height=844),
    Picture("pencarian", "/dataset/?q=warga"),
    Picture("pencarian-ponsel", "/dataset/?q=warga", width=PHONE, height=844),
    Picture("dataset", DATASET, height=1100),
    Picture("dataset-gelap", DATASET, height=1100, dark=True),
    Picture("dataset-ponsel", DATASET, width=PHONE, height=844),
    Picture("dataset-terbatas", "/dataset/kasus-demam-berdarah-menurut-rw"),
    Picture("perangkat-daerah", "/organization/dinas-kesehatan"),
    Picture("topik", "/topik/1.02"),
    Picture("wilayah", "/wilayah/61.71"),
    Picture("kalender-rilis", "/kalender-rilis"),
    Picture("transparansi", "/satudata/transparansi"),
    Picture("dip", "/satudata/dip"),
    Picture("sop", "/satudata/sop/klasifikasi"),
    Picture("antrean", "/satudata/antrean?scope=all", who="walidata"),
    Picture("berkas", "/satudata/berkas/daftar-kontak-posyandu", who="ppid", height=1400),
    Picture("berkas-gelap", "/satudata/berkas/daftar-kontak-posyandu", who="ppid", dark=True),
)


def small(png: bytes) -> bytes:
    """Return a picture with as few colours as keep its letters clean, at most ``LARGEST`` bytes."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    found = _palette(image, 128)
    if len(found) > LARGEST:
        found = _palette(image, 48)
    while len(found) > LARGEST:
        image = image.crop((0, 0, image.width, image.height * 9 // 10))
        found = _palette(image, 48)
    return found


def _palette(image: Image.Image, colours: int) -> bytes:
    reduced = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    reduced.save(file, "PNG", optimize=True)
    return file.getvalue()


def address_of(picture: Picture, url: str) -> str:
    """Return the address of a picture, with the id of the file that it names."""
    if "{resource}" not in picture.address:
        return picture.address
    asked = f"{url}/api/3/action/package_show?id={picture.address.split('/')[2]}"
    with urllib.request.urlopen(asked, timeout=60) as answer:
        shown = json.load(answer)["result"]
    return picture.address.format(resource=shown["resources"][0]["id"])


def take(browser: Browser, picture: Picture, url: str, passwords: dict[str, str]) -> bytes:
    """Return a picture as the browser takes it.

    Raises:
        LookupError: If the page does not answer.
    """
    size: ViewportSize = {"width": picture.width, "height": picture.height}
    context = browser.new_context(
        base_url=url,
        viewport=size,
        locale="id-ID",
        reduced_motion="reduce",
        color_scheme="dark" if picture.dark else "light",
    )
    cookie = DARK if picture.dark else LIGHT
    context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": url}])
    page = context.new_page()
    if picture.who:
        page.goto("/user/login")
        page.fill("#field-login", picture.who)
        page.fill("#field-password", passwords[picture.who])
        page.press("#field-password", "Enter")
        page.wait_for_url(lambda found: "/user/login" not in found)
    answer = page.goto(address_of(picture, url))
    if answer is None or not answer.ok:
        raise LookupError(f"{picture.address} does not answer to {picture.who or 'a citizen'}")
    page.evaluate("document.fonts.ready")
    # Asked of the browser and not of the page, whose policy lets no text be run as a script.
    page.evaluate(
        "Promise.all([...document.images].filter(each => !each.complete && each.checkVisibility()"
        " && each.getBoundingClientRect().top < innerHeight)"
        ".map(each => new Promise(done => { each.onload = each.onerror = done; })))"
    )
    found = page.screenshot()
    context.close()
    return found


def main(folder: Path, names: list[str]) -> int:
    """Take the pictures; those of pages that do not answer are named, and the rest is taken."""
    run = Path(os.environ["SATUDATA_RUN_DIR"])
    passwords = json.loads((run / "demo-passwords.json").read_text("utf-8"))
    wanted = [each for each in PICTURES if not names or each.name in names]
    folder.mkdir(parents=True, exist_ok=True)
    missing = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["SATUDATA_CHROMIUM"], args=list(ARGUMENTS)
        )
        for picture in wanted:
            try:
                png = take(browser, picture, os.environ["SATUDATA_SITE_URL"], passwords)
            except LookupError as error:
                missing.append(str(error))
                continue
            (folder / f"{picture.name}.png").write_bytes(small(png))
        browser.close()
    for line in missing:
        sys.stderr.write(f"{line}; is it the demo site?\n")
    return 1 if missing else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
