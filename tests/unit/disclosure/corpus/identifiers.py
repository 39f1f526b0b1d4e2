"""Identifiers of nobody, from the published rules of their form, and what only looks like them.

Written before and apart from the recognisers: it imports nothing of them.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

REGENCIES = (
    "1101 1171 1207 1271 1371 1471 1671 1871 2171 3171 3174 3201 3204 3273 3276 3302 3374 3404 "
    "3471 3515 3578 3603 3671 5103 5171 5271 5371 6101 6102 6104 6112 6171 6172 6203 6271 6371 "
    "6472 6474 7106 7171 7271 7371 7471 7571 8171 8271 9171 9271 9471"
).split()
LOCAL = ("6171", "6112", "6104", "6102")


def day(r: random.Random, first: int = 1940, last: int = 2022) -> date:
    start = date(first, 1, 1)
    return start + timedelta(days=r.randrange((date(last, 12, 31) - start).days + 1))


def district(r: random.Random) -> str:
    regency = r.choice(LOCAL) if r.random() < 0.7 else r.choice(REGENCIES)
    return f"{regency}{r.randint(1, 6):02}"


def nik(r: random.Random, born: date | None = None) -> str:
    born = born or day(r)
    women = r.choice((0, 40))
    return f"{district(r)}{born.day + women:02}{born:%m%y}{r.randint(1, 45):04}"


def no_kk(r: random.Random) -> str:
    made = day(r, 2005, 2025)
    return f"{district(r)}{made.day:02}{made:%m%y}{r.randint(1, 9999):04}"


def luhn_digit(digits: str) -> str:
    total = 0
    for i, c in enumerate(reversed(digits)):
        n = int(c) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return str(-total % 10)


def digits(r: random.Random, n: int) -> str:
    return "".join(r.choice("0123456789") for _ in range(n))


def npwp15(r: random.Random) -> str:
    """Fifteen digits of a person: they begin with 04 to 09 or more."""
    body = f"{r.choice((4, 5, 6, 7, 8, 9, 24, 35, 41, 57, 66, 73, 82, 93)):02}{digits(r, 6)}"
    return body + luhn_digit(body) + f"{r.randint(1, 999):03}" + "000"


def npwp_dotted(r: random.Random) -> str:
    n = npwp15(r)
    return f"{n[:2]}.{n[2:5]}.{n[5:8]}.{n[8]}-{n[9:12]}.{n[12:]}"


def npwp16(r: random.Random) -> str:
    return "0" + npwp15(r)


def nip(r: random.Random) -> str:
    born = day(r, 1965, 1999)
    joined = born.year + r.randint(20, 32)
    return f"{born:%Y%m%d}{joined}{r.randint(1, 12):02}{r.choice('12')}{r.randint(1, 120):03}"


def pppk(r: random.Random) -> str:
    born = day(r, 1970, 2000)
    return f"{born:%Y%m%d}{r.randint(2021, 2025)}21{r.choice('12')}{r.randint(1, 120):03}"


def nip_spaced(r: random.Random) -> str:
    n = nip(r)
    return f"{n[:8]} {n[8:14]} {n[14]} {n[15:]}"


def nisn(r: random.Random) -> str:
    return f"{r.randint(5, 18):03}{digits(r, 7)}"


def bpjs(r: random.Random) -> str:
    return f"000{r.randint(10**9, 3 * 10**9)}"


def paspor(r: random.Random) -> str:
    return r.choice("ABCEX") + digits(r, 7)


def paspor_new(r: random.Random) -> str:
    return r.choice("EX") + r.choice("ABCD") + digits(r, 6)


def sim(r: random.Random) -> str:
    return f"{r.randint(60, 99)}{r.randint(1, 12):02}{digits(r, r.choice((8, 10)))}"


def account(r: random.Random) -> str:
    return r.choice("123456789") + digits(r, r.choice((9, 11, 12, 14)))


def card(r: random.Random) -> str:
    body = r.choice(("4", "51", "52", "53", "54", "55"))
    body += digits(r, 15 - len(body))
    return body + luhn_digit(body)


def card_grouped(r: random.Random) -> str:
    n = card(r)
    return " ".join(n[i : i + 4] for i in range(0, 16, 4))


def mobile(r: random.Random) -> str:
    """Eleven to thirteen digits in the 08 form."""
    return f"08{r.choice('11 12 13 21 22 23 51 52 53 56 57 58 77 78 95 96'.split())}" + digits(
        r, r.choice((7, 8, 8, 9))
    )


def mobile_written(r: random.Random) -> str:
    n = mobile(r)
    return r.choice(
        (n, f"{n[:4]}-{n[4:8]}-{n[8:]}", f"+62 {n[1:4]}-{n[4:8]}-{n[8:]}", f"62{n[1:]}",
         f"+62{n[1:]}", f"{n[:4]} {n[4:8]} {n[8:]}", f"({n[:4]}) {n[4:]}")
    )  # fmt: skip


def mobile_without_zero(r: random.Random) -> str:
    return mobile(r)[1:]


def home_line(r: random.Random) -> str:
    return r.choice(("0561-{}", "(0561) {}", "0561 {}", "0561{}")).format(r.randint(710000, 899999))


def plate(r: random.Random) -> str:
    letters = "".join(r.choice("ABCDEFHLMNPQSTW") for _ in range(2))
    return f"KB {r.randint(1000, 9999)} {letters}"


def latitude(r: random.Random) -> str:
    return f"{r.uniform(-0.11, 0.05):.6f}"


def longitude(r: random.Random) -> str:
    return f"{r.uniform(109.26, 109.41):.6f}"


def address_of_device(r: random.Random) -> str:
    return ".".join(
        map(str, (r.choice((36, 103, 110, 114, 125, 180, 182)), r.randint(0, 255),
                  r.randint(0, 255), r.randint(1, 254)))
    )  # fmt: skip


def birth(r: random.Random, first: int = 1945, last: int = 2005) -> str:
    born = day(r, first, last)
    return r.choice((f"{born:%d-%m-%Y}", f"{born:%Y-%m-%d}", f"{born:%d/%m/%Y}"))


# --------------------------------------------------------------------------- near-misses


def small_area(r: random.Random) -> str:
    """BPS ``idsubsls``: 2+2+3+3+4+2 digits."""
    district_ = r.choice((10, 20, 30, 31, 40, 50))
    area = f"6171{district_:03}{r.randint(1, 8):03}"
    return f"{area}{r.randint(1, 90):04}{r.choice((0, 0, 0, 1)):02}"


def budget_code(r: random.Random) -> str:
    account = f"5.{r.randint(1, 3)}.{r.randint(1, 5):02}.{r.randint(1, 9):02}"
    return f"{account}.{r.randint(1, 30):02}.{r.randint(1, 99):04}"


def budget_digits(r: random.Random) -> str:
    return f"5{r.randint(1, 3)}{r.randint(1, 5):02}{r.randint(1, 9):02}{r.randint(1, 30):02}0001"


def amount16(r: random.Random) -> str:
    return str(r.randint(10**15, 9 * 10**15) // 1000 * 1000)


def epoch_ms(r: random.Random) -> str:
    return str(r.randint(1_600_000_000_000, 1_780_000_000_000))


def ean13(r: random.Random) -> str:
    body = "899" + digits(r, 9)
    total = sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(body))
    return body + str(-total % 10)


def npsn(r: random.Random) -> str:
    return f"301{r.randint(5000, 9999):05}"


def land_tax(r: random.Random) -> str:
    """NOP of the land and building tax: eighteen digits, as long as a NIP."""
    return f"6171{r.randint(10, 60):03}{r.randint(1, 9):03}{digits(r, 3)}{digits(r, 4)}0"


def office_line(r: random.Random) -> str:
    return home_line(r)


def region_code(r: random.Random) -> str:
    return f"61.71.{r.randint(1, 6):02}.{r.randint(1001, 1008)}"


def masked_nik(r: random.Random) -> str:
    return "*" * 14 + digits(r, 2)
