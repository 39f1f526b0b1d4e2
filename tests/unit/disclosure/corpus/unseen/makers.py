"""Values as clerks, patients and exporting programs write them; none is of anybody.

Written from the rules in ``identifiers.py`` and from what spreadsheets look like, without the
recognisers. A maker takes a generator of chance and returns the text of one cell.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .. import identifiers as i
from .. import reference as ref

Maker = Callable[[random.Random], str]

CHINESE = (
    "Tjhin Bong Lim Tan Ng Chia Liu Phang Then Djong Lay Kwee Sim Goh Tjong Bun Hendry".split(),
    "Fa Men Sui Lan Kim Nyuk Chung Hiong Jun Ket Mei Moi Khiun Liang Siu Hua Fui Jan".split(),
)
MALAY = (
    "Syarif Syarifah Uray Gusti Utin Raden Wan Dayang Abang Nurul Zulkifli Siti Hasan Ramli Rusdi",
    "Alkadrie Ibrahim Hamdan Mahmud Fatimah Zainab Kasim Yusuf Maulida Rahmah Hidayat Aminah Umar",
)
DAYAK = (
    "Petrus Yohanes Agustinus Cornelis Stefanus Yuliana Kristina Martinus Lusia Fransiskus Theresia",
    "Linggi Sanen Ajung Djuweng Ukat Apui Sungkalang Lunai Anyang Layang Jelani Bantan Tawa Kinsui",
)
OTHERS = (
    "Bambang Sri Wahyu Andi Ambo Moh. Achmad Dewi Rina Togar Made Joko Eko Ratna Marhayat Hosen",
    "Santoso Lestari Setiawan Daeng Simanjuntak Siregar Handayani Susanto Tambunan Wijaya Rahayu",
)
SINGLE = (
    "Sukiman Ngatiyem Poniman Misnatun Sattar Suparmi Jumadi Sarimin Mulyati Halijah Buniah "
    "Marsudi Asnawi Rohani Tukinem Sainah Maimunah Karsono Usman Saparudin Rabiah Jamilah"
).split()
BEFORE = ("H.", "Hj.", "Drs.", "Ir.", "dr.", "drg.", "Dra.", "Prof. Dr.", "Ny.", "Tn.", "Sdr.")
AFTER = (
    "S.Pd.", "S.Pd", "M.Kes.", "S.Kom., M.T.", "S.H., M.H.", "A.Md.Keb.", "S.Sos.", "S.E., M.Si.",
    "S.KM", "Sp.A", "S.ST", "M.Pd.I",
)  # fmt: skip
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
TOWNS = ("Pontianak", "Singkawang", "Sambas", "Mempawah", "Sintang", "Ketapang", "Ptk", "Jakarta")
LANES = "Kamboja Bayu Alpokat Sepakat Karya Kenari Merpati Bersama Family Usaha Beringin".split()
ESTATES = ("Mutiara", "Bali Mas", "Pondok Indah Lestari", "Untan", "Bumi Batara", "Srikandi")


# ------------------------------------------------------------------------------ persons


def name(r: random.Random) -> str:
    """A name of two or three words from one of the city's communities, or a single one."""
    turn = r.random()
    if turn < 0.15:
        return r.choice(SINGLE)
    if turn < 0.4:
        first, last = CHINESE
        return " ".join((r.choice(first), r.choice(last), r.choice(last)))
    first, last = (x.split() for x in r.choice((MALAY, DAYAK, OTHERS)))
    middle = [r.choice(first)] if r.random() < 0.2 else []
    return " ".join((r.choice(first), *middle, r.choice(last)))


def single(r: random.Random) -> str:
    return r.choice(SINGLE)


def chinese(r: random.Random) -> str:
    return " ".join((r.choice(CHINESE[0]), r.choice(CHINESE[1]), r.choice(CHINESE[1])))


def dayak(r: random.Random) -> str:
    return " ".join(r.choice(x.split()) for x in DAYAK)


def malay(r: random.Random) -> str:
    between = r.choice((" ", " ", " bin ", " Bin H. ", " "))
    return between.join(r.choice(x.split()) for x in MALAY)


def titled(r: random.Random) -> str:
    before = f"{r.choice(BEFORE)} " if r.random() < 0.5 else ""
    after = f", {r.choice(AFTER)}" if r.random() < 0.6 else ""
    return f"{before}{name(r)}{after}"


def named_number(r: random.Random) -> str:
    return f"{name(r).upper()} ({i.nik(r)})"


def address(r: random.Random) -> str:
    number, lane, street = r.randint(1, 120), r.choice(LANES), r.choice(ref.STREETS)
    rt, rw = r.randint(1, 9), r.randint(1, 30)
    return r.choice((
        f"{street} Gg. {lane} No. {number}",
        f"{street} Gg {lane} {r.randint(1, 5)} RT.{rt:03}/RW.{rw:03}",
        f"Komp. {r.choice(ESTATES)} Blok {r.choice('ABCDE')} No.{number}",
        f"Perum {r.choice(ESTATES)} {r.choice('ABC')}{number}, RT {rt} RW {rw}",
        f"Gang {lane} No {number} RT {rt:02}/{rw:02} Kel. {r.choice(ref.VILLAGES)}",
        f"Dusun {lane} RT {rt:03} RW {rw:03} Desa Sungai Raya",
        f"{street} No.{number} RT/RW {rt:03}/{rw:03}",
        f"Jln. Parit H. Husin II, Gg. {lane}, No. {r.randint(1, 9)}{r.choice('ABC')}",
    ))  # fmt: skip


def rtrw(r: random.Random) -> str:
    return f"{r.randint(1, 9):03}/{r.randint(1, 30):03}"


def office_address(r: random.Random) -> str:
    return f"{r.choice(ref.STREETS)} No. {r.randint(1, 200)}"


def born(r: random.Random) -> str:
    d = i.day(r, 1945, 2006)
    return r.choice((
        f"{d:%d-%m-%Y}", f"{d.day} {MONTHS[d.month - 1]} {d.year}", f"{d:%d/%m/%Y}",
        f"{d:%Y-%m-%d}", f"{d:%Y-%m-%d} 00:00:00", f"{d:%d.%m.%Y}",
    ))  # fmt: skip


def born_short(r: random.Random) -> str:
    d = i.day(r, 1945, 2006)
    return r.choice((f"{d.day}/{d.month}/{d:%y}", f"{d:%d-%m-%y}"))


def born_serial(r: random.Random) -> str:
    return str(r.randint(18000, 38000))


def born_compact(r: random.Random) -> str:
    return f"{i.day(r, 1945, 2006):%Y%m%d}"


def place_and_birth(r: random.Random) -> str:
    return f"{r.choice(TOWNS)}{r.choice((', ', '/', ' , ', ', '))}{born(r)}"


def phone(r: random.Random) -> str:
    n = i.mobile(r)
    return r.choice((
        n, f"{n[:4]}.{n[4:8]}.{n[8:]}", f"{n[:4]} {n[4:8]} {n[8:]}", f"+62{n[1:]}", f"62{n[1:]}",
        f"{n[:4]}-{n[4:]}", f"(+62) {n[1:4]} {n[4:8]} {n[8:]}", f"+62-{n[1:4]}-{n[4:]}",
    ))  # fmt: skip


def two_phones(r: random.Random) -> str:
    return f"{i.mobile(r)} / {i.mobile(r)}"


def mail(r: random.Random) -> str:
    who = name(r).lower().replace(" ", r.choice(("", ".", "_"))).replace(".", "")
    return (
        f"{who}{r.randint(1, 99)}@{r.choice(('gmail.com', 'yahoo.com', 'ymail.com', 'icloud.com'))}"
    )


def plate_written(r: random.Random) -> str:
    letters = "".join(r.choice("ABCDEFHLMNPQSTW") for _ in range(2))
    number = r.randint(1000, 9999)
    return r.choice((f"KB {number} {letters}", f"KB{number}{letters}", f"KB-{number}-{letters}",
                     f"B {number} {letters}Z", f"DK {number} {letters}"))  # fmt: skip


def account_dashed(r: random.Random) -> str:
    return f"{r.randint(100, 999)}-{r.randint(10, 99)}-{i.digits(r, 5)}-{r.randint(1, 9)}"


def sim_dashed(r: random.Random) -> str:
    return f"{i.digits(r, 4)}-{i.digits(r, 4)}-{i.digits(r, 6)}"


def point(r: random.Random) -> str:
    return f"{i.latitude(r)}, {i.longitude(r)}"


def ssha(r: random.Random) -> str:
    return "".join(r.choice("0123456789ABCDEF") for _ in range(48))


# ------------------------------------------------------------------------------- things


def imei(r: random.Random) -> str:
    body = "35" + i.digits(r, 12)
    return body + i.luhn_digit(body)


def isbn(r: random.Random) -> str:
    return f"978-{r.choice(('602', '979'))}-{i.digits(r, 4)}-{i.digits(r, 2)}-{r.randint(0, 9)}"


def invoice(r: random.Random) -> str:
    return f"INV/{r.randint(2020, 2025)}/{r.choice(('I', 'IV', 'IX', 'XII'))}/{i.digits(r, 5)}"


def tax_invoice(r: random.Random) -> str:
    return f"010.00{r.randint(1, 9)}-{r.randint(20, 25)}.{i.digits(r, 8)}"


def goods_code(r: random.Random) -> str:
    return (
        f"1.3.{r.randint(1, 5)}.{i.digits(r, 2)}.{i.digits(r, 2)}.{i.digits(r, 2)}.{i.digits(r, 3)}"
    )


def activity(r: random.Random) -> str:
    return f"{r.randint(1, 7)}.{r.randint(1, 29):02}.{r.randint(1, 9):02}.2.{r.randint(1, 9):02}.{i.digits(r, 4)}"


def village_code(r: random.Random) -> str:
    return f"61.71.{r.randint(1, 6):02}.{r.randint(1001, 1011)}"


def bps_village(r: random.Random) -> str:
    return f"6171{r.randint(10, 60):03}{r.randint(1, 11):03}"


def meter(r: random.Random) -> str:
    return f"14{i.digits(r, 9)}"


def customer(r: random.Random) -> str:
    return f"1714{i.digits(r, 8)}"


def asset_code(r: random.Random) -> str:
    return f"{r.choice(('PJU', 'TL', 'HYD'))}-{i.digits(r, 4)}-{r.choice('ABCD')}"


def plate_like(r: random.Random) -> str:
    return f"{r.choice(('A', 'B', 'C'))} {r.randint(1, 40)}"


def letter(r: random.Random) -> str:
    return f"{r.randint(1, 900)}/{r.randint(1, 99):02}/{r.choice(('DISKES', 'BKPSDM', 'UMUM'))}/{r.randint(2019, 2025)}"


def service_mail(r: random.Random) -> str:
    return f"{r.choice(('dinkes', 'disdik', 'bappeda', 'diskominfo', 'dlh', 'dishub'))}@pontianak.go.id"


def camera(r: random.Random) -> str:
    return f"10.{r.randint(10, 30)}.{r.randint(1, 250)}.{r.randint(2, 250)}"


def camera_public(r: random.Random) -> str:
    return f"103.{r.randint(10, 30)}.{r.randint(1, 250)}.{r.randint(2, 250)}"


def moment(r: random.Random) -> str:
    return f"{i.day(r, 2019, 2025):%Y-%m-%d} {r.randint(0, 23):02}:{r.randint(0, 59):02}:00"


def recent(r: random.Random) -> str:
    d = i.day(r, 2019, 2025)
    return r.choice((f"{d:%d/%m/%Y}", f"{d:%Y-%m-%d}", f"{d.day} {MONTHS[d.month - 1]} {d.year}"))


def rupiah(r: random.Random) -> str:
    return f"{r.randint(1, 900)}.{r.randint(100, 999)}.{r.randint(100, 999)}"


def amount_rp(r: random.Random) -> str:
    return f"Rp{r.randint(1, 900)}.{r.randint(100, 999)}.000,00"


def decimal(r: random.Random) -> str:
    return f"{r.uniform(0, 100):.2f}".replace(".", ",")


def hotline(r: random.Random) -> str:
    return r.choice(("112", "119", "110", "0561-734200", "1500-567", "(0561) 765432", "123"))


def permit(r: random.Random) -> str:
    return f"503/{i.digits(r, 4)}/DPMPTSP/{r.randint(2019, 2025)}"


def nib(r: random.Random) -> str:
    return f"{r.choice(('0220', '9120', '1234'))}{i.digits(r, 9)}"


def rm(r: random.Random) -> str:
    return f"{i.digits(r, 2)}-{i.digits(r, 2)}-{i.digits(r, 2)}"


def uuid(r: random.Random) -> str:
    h = "".join(r.choice("0123456789abcdef") for _ in range(32))
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def sixteen(r: random.Random) -> str:
    return r.choice("123456789") + i.digits(r, 15)


def phone_of_office(r: random.Random) -> str:
    return i.home_line(r)


def year_range(r: random.Random) -> str:
    y = r.randint(2015, 2024)
    return f"{y}/{y + 1}"


def company(r: random.Random) -> str:
    return r.choice(ref.SHOPS)


def school(r: random.Random) -> str:
    return r.choice(ref.SCHOOLS).format(r.randint(1, 60))


def _one_of(words: tuple[str, ...]) -> Maker:
    def make(r: random.Random) -> str:
        return r.choice(words)

    return make


office, clinic, village = map(_one_of, (ref.OFFICES, ref.CLINICS, ref.VILLAGES))
district, street, goods = map(_one_of, (ref.DISTRICTS, ref.STREETS, ref.GOODS))
illness, crime, tribe = map(_one_of, (ref.ILLNESSES, ref.CRIMES, ref.TRIBES))
religion, aid, disability = map(_one_of, (ref.RELIGIONS, ref.AIDS, ref.DISABILITIES))
job, ages, mosque = map(_one_of, (ref.JOBS, ref.AGES, ref.MOSQUES))


# ------------------------------------------------------- for the tables written later


def named_nip(r: random.Random) -> str:
    return f"{titled(r)} / {r.choice((i.nip, i.nip_spaced))(r)}"


def bpjs11(r: random.Random) -> str:
    return f"{r.randint(10, 24)}{i.digits(r, 9)}"


def mobile62(r: random.Random) -> str:
    return f"62{i.mobile(r)[1:]}"


def born_dashed(r: random.Random) -> str:
    return f"{i.day(r, 1950, 2005):%d-%m-%Y}"


def known_name(r: random.Random) -> str:
    return f"{r.choice(('Budi', 'Siti', 'Agus'))} {r.choice(('Santoso', 'Rahayu', 'Wijaya'))}"


def home_rtrw(r: random.Random) -> str:
    return f"Gg. {r.choice(LANES)} No. {r.randint(1, 90)} RT 00{r.randint(1, 9)} RW 0{r.randint(10, 30)}"


def empty(r: random.Random) -> str:
    return ""


def dash(r: random.Random) -> str:
    return "-"


def hexcode(r: random.Random) -> str:
    return ssha(r)[:32]
