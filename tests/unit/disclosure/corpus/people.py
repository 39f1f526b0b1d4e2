"""Names, addresses, telephones and plates of nobody, from two generators of other people."""

from __future__ import annotations

import importlib
import random
import re
import sys
import types
from importlib.metadata import distribution

from faker import Faker

FAKE = Faker("id_ID")


def _names_of_indofaker():
    """Return its maker of names. Release 0.1.1 lacks a module that its own ``__init__`` imports."""
    package = types.ModuleType("indofaker")
    package.__path__ = [str(distribution("indofaker").locate_file("indofaker"))]
    sys.modules.setdefault("indofaker", package)
    return importlib.import_module("indofaker.name.generate_name").generate_random_name


generate_random_name = _names_of_indofaker()


def seed(number: int) -> None:
    """Make both generators begin anew; indofaker draws from Python's own generator."""
    FAKE.seed_instance(number)
    random.seed(number)


def faker_name(r: random.Random) -> str:
    return FAKE.name()


def faker_plain_name(r: random.Random) -> str:
    return f"{FAKE.first_name()} {FAKE.last_name()}"


def faker_upper_name(r: random.Random) -> str:
    return faker_plain_name(r).upper()


def indofaker_name(r: random.Random) -> str:
    return generate_random_name()


def faker_address(r: random.Random) -> str:
    return FAKE.address().replace("\n", ", ")


def faker_street(r: random.Random) -> str:
    return FAKE.street_address()


def home_address(r: random.Random) -> str:
    """A street of Faker's, ended as a resident of the city writes it."""
    ending = r.choice(
        ("RT {:03}/RW {:03}", "RT.{:02} RW.{:02}", "RT {}, RW {}", "Rt {:02} / Rw {:02}")
    )
    return f"{FAKE.street_address()} {ending.format(r.randint(1, 9), r.randint(1, 30))}"


def complex_address(r: random.Random) -> str:
    return r.choice(
        (
            f"Komp. {FAKE.last_name()} Permai Blok {r.choice('ABCD')} No. {r.randint(1, 40)}",
            f"Gg. {FAKE.last_name()} {r.randint(1, 9)} No. {r.randint(1, 99)}",
            f"Jl. {FAKE.street_name().split(' ', 1)[1]} Gg. {FAKE.last_name()} No {r.randint(1, 99)}",
            f"Perumahan {FAKE.last_name()} Indah Blok {r.choice('ABC')}{r.randint(1, 20)}",
        )
    )


def faker_phone(r: random.Random) -> str:
    return FAKE.phone_number()


def faker_plate(r: random.Random) -> str:
    return FAKE.license_plate()


def personal_mail(r: random.Random) -> str:
    """An address at a provider of mailboxes, as Faker writes the part before the sign."""
    user = re.sub(r"[^a-z0-9.]", "", FAKE.user_name().lower()) or "warga"
    return f"{user}{r.randint(1, 99)}@{r.choice(('gmail.com', 'yahoo.com', 'yahoo.co.id', 'outlook.com'))}"
