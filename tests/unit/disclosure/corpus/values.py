"""Values of special categories, as registers of hospitals, schools and offices write them."""

from __future__ import annotations

import random

WORDS: dict[str, tuple[str, ...]] = {
    "kesehatan": (
        "Diabetes Melitus", "Hipertensi", "TB Paru", "HIV", "Demam Berdarah", "ISPA", "Stroke",
        "Gastritis", "Asma", "Hepatitis B", "Kanker Payudara", "Skizofrenia", "Anemia", "Diare",
        "Gagal Ginjal Kronik", "Penyakit Jantung Koroner",
    ),
    "icd": ("A15.0", "E11.9", "I10", "J45.9", "B20", "K29.7", "N18.5", "F20.0", "A91", "C50.9"),
    "gizi": ("Gizi Buruk", "Gizi Kurang", "Gizi Baik", "Stunting", "Normal", "Risiko Stunting"),
    "disabilitas": (
        "Tuna Netra", "Tuna Rungu", "Tuna Daksa", "Tuna Grahita", "Disabilitas Mental", "Fisik",
        "Sensorik", "Cerebral Palsy", "Autisme", "Down Syndrome", "Tidak Ada",
    ),
    "catatan_kejahatan": (
        "Pencurian", "Penganiayaan", "Penggelapan", "Narkotika", "Pasal 363 KUHP", "KDRT",
        "Penipuan", "Pasal 112 UU 35/2009",
    ),
    "bantuan_sosial": ("PKH", "BPNT", "BLT Dana Desa", "KIP", "KIS PBI", "Bansos Tunai", "PKH, BPNT"),
    "agama": ("Islam", "Kristen", "Katolik", "Hindu", "Buddha", "Konghucu"),
    "suku": ("Melayu", "Dayak", "Tionghoa", "Jawa", "Madura", "Bugis", "Batak", "Minang", "Sunda"),
}  # fmt: skip


def pick(kind: str):
    def make(r: random.Random) -> str:
        return r.choice(WORDS[kind])

    make.__name__ = kind
    return make


def money(r: random.Random) -> str:
    return str(r.randint(10, 150) * 100_000)


def money_written(r: random.Random) -> str:
    return f"Rp {r.randint(1, 15)}.{r.randint(100, 999)}.000"


def decile(r: random.Random) -> str:
    return str(r.randint(1, 5))


def fingerprint(r: random.Random) -> str:
    return "".join(r.choice("0123456789abcdef") for _ in range(64))


def young(r: random.Random) -> str:
    return str(r.randint(1, 16))


def adult(r: random.Random) -> str:
    return str(r.randint(19, 84))
