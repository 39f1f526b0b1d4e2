"""Make ``schemas/codes/wilayah/wilayah.csv`` from the data of the npm package idn-area-data.

    npm pack idn-area-data@4.0.1
    tar xzf idn-area-data-4.0.1.tgz
    python -m ckanext.satudata_pontianak.portal.demo.make_regions package/data > wilayah.csv

Pure, and nothing of the portal needs it: it shows how the list was derived, as its licence asks,
and makes the list anew when the package has a newer version. Only the result is kept here.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

PROVINCE = "61"
CITY = "61.71"
HEADINGS = ("code", "bps_code", "level", "name", "aliases")

BPS = {PROVINCE: "61", CITY: "6171"}
"""Codes of BPS that were verified; the two systems are not always equal."""

ALIASES = {"61.71": "Pontianak"}
"""Other names in use, beside those of the package."""

NAMES = {
    "61.71.01.1002": "Benua Melayu Laut",
    "61.71.01.1003": "Benua Melayu Darat",
    "61.71.01.1004": "Parit Tokaya",
    "61.71.01.1005": "Kota Baru",
    "61.71.02.1001": "Parit Mayor",
    "61.71.02.1006": "Dalam Bugis",
    "61.71.02.1007": "Tambelan Sampit",
    "61.71.03.1001": "Pal Lima",
    "61.71.03.1002": "Sungai Jawi Dalam",
    "61.71.03.1003": "Sungai Jawi Luar",
    "61.71.03.1004": "Sungai Beliung",
    "61.71.04.1004": "Batu Layang",
    "61.71.05.1001": "Sungai Bangkong",
    "61.71.05.1002": "Darat Sekip",
    "61.71.05.1005": "Sungai Jawi",
    "61.71.06.1003": "Bangka Belitung Laut",
    "61.71.06.1004": "Bangka Belitung Darat",
}
"""Kelurahan as the city writes them: such a name stands first, that of the package beside it."""


def _read(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def regions(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Code, level and name of the province, the city and everything below it, in tree order."""
    yield PROVINCE, "provinsi", _read(folder / "provinces.csv")[PROVINCE]
    yield CITY, "kota", _read(folder / "regencies.csv")[CITY]
    villages = sorted(_read(folder / "villages.csv").items())
    for district, name in sorted(_read(folder / "districts.csv").items()):
        if not district.startswith(f"{CITY}."):
            continue
        yield district, "kecamatan", name
        for code, village in villages:
            if code.startswith(f"{district}."):
                yield code, "kelurahan", village


def as_csv(folder: Path) -> str:
    """The list as the portal keeps it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for code, level, name in regions(folder):
        alias = name if code in NAMES else ALIASES.get(code, "")
        writer.writerow([code, BPS.get(code, ""), level, NAMES.get(code, name), alias])
    return text.getvalue()


def main(words: list[str]) -> int:
    """Write the list made from the folder that is named."""
    if len(words) != 1:
        sys.stderr.write("Name the folder 'data' of the unpacked package idn-area-data.\n")
        return 2
    sys.stdout.write(as_csv(Path(words[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
