"""Made-up figures of the city that agree with one another.

Villages add up to districts, and those to the city, in every dataset that names them.
Pure, and the same for ever: what looks like chance comes from digests of what is counted.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.surface import yaml_text

HERE = Path(__file__).parent
CITY = "61.71"
BASE = 2025
"""The year of the known totals: people, RW, RT and area of each district."""
MONTHS = 12


def chance(*words: object) -> float:
    """Return a number from 0 to 1 that belongs to these words."""
    digest = hashlib.sha256("\n".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def between(low: float, high: float, *words: object) -> float:
    """Return a number between two others that belongs to these words."""
    return low + (high - low) * chance(*words)


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Share a number out by weights; the parts add up to it (largest remainder)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


@cache
def villages(within: str = CITY) -> tuple[codes.Code, ...]:
    """Return the villages of the city, or of a district, in the order of their codes."""
    return tuple(_below(within, "kelurahan"))


@cache
def districts() -> tuple[codes.Code, ...]:
    """Return the districts of the city, in the order of their codes."""
    return tuple(_below(CITY, "kecamatan"))


def _below(code: str, level: str) -> list[codes.Code]:
    known = codes.code_list("wilayah").codes.values()
    return [one for one in known if one.level == level and one.code.startswith(f"{code}.")]


@cache
def measures() -> Mapping[str, Mapping[str, Any]]:
    """Return what is counted, by its name, as ``city.yaml`` declares it."""
    return yaml_text.read(HERE / "city.yaml")["measures"]


@cache
def _known(column: str) -> Mapping[str, int]:
    """Return what the files of the demo say of each district; km2 as hectares."""
    name = "luas-wilayah.csv" if column == "luas_km2" else "jumlah-penduduk.csv"
    times = 100 if column == "luas_km2" else 1
    with (HERE / "data" / name).open(encoding="utf-8") as file:
        return {
            row["kode_kecamatan"]: round(float(row[column]) * times) for row in csv.DictReader(file)
        }


@cache
def _shared(column: str) -> Mapping[str, int]:
    """Return the known total of each district shared out among its villages."""
    found: dict[str, int] = {}
    for district in districts():
        inside = villages(district.code)
        # What is counted by people follows them; land does not.
        crowd = "luas" if column == "luas_km2" else "people"
        parts = split(
            _known(column)[district.code], [between(0.6, 1.6, crowd, one.code) for one in inside]
        )
        found |= {one.code: part for one, part in zip(inside, parts, strict=True)}
    return found


@cache
def count(measure: str, code: str, year: int) -> int:
    """Return how many there were in a village, a district or the city, in a year.

    :raises KeyError: nothing of that name is counted.
    """
    said = measures()[measure]
    if "city" in said:
        drift = (1 + said.get("drift", 0)) ** (year - BASE)
        return round(said["city"] * drift * between(0.98, 1.02, measure, year))
    if code.count(".") < max(one.code.count(".") for one in villages()):
        return sum(count(measure, one.code, year) for one in villages(code))
    if "known" in said:
        growth = between(0.985, 0.997, "growth", code) ** (BASE - year) if said.get("grows") else 1
        return round(_shared(said["known"])[code] * growth)
    if "rest" in said:
        whole, *parts = (count(one, code, year) for one in said["rest"])
        return whole - sum(parts)
    low, high = said["share"]
    drift = (1 + said.get("drift", 0)) ** (year - BASE)
    here = between(low, high, measure, code) * between(0.97, 1.03, measure, code, year)
    return round(count(said["of"], code, year) * here * drift)


def month(measure: str, year: int, number: int) -> int:
    """Return how many there were in a month; twelve add up to the year of the city."""
    said = measures()[measure]
    swing = said.get("swing", 0.15)
    weights = [between(1 - swing, 1 + swing, measure, year, one) for one in range(MONTHS)]
    return split(count(measure, CITY, year), weights)[number - 1]


def level(measure: str, year: int, number: int) -> int:
    """Return a price or another level in a month, in whole steps."""
    said = measures()[measure]
    drift = (1 + said.get("drift", 0)) ** (year - BASE + (number - 1) / MONTHS)
    swing = said.get("swing", 0.04)
    value = said["level"] * drift * between(1 - swing, 1 + swing, measure, year, number)
    step = said.get("step", 1)
    return round(value / step) * step


def shares(measure: str, code: str, year: int, names: Mapping[str, float]) -> list[int]:
    """Return a count shared out among kinds, which add up to it."""
    weights = [weight * between(0.85, 1.15, measure, code, name) for name, weight in names.items()]
    return split(count(measure, code, year), weights)
