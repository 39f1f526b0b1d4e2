"""Log-in."""

from __future__ import annotations

import sqlalchemy as sa

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.accounts import factors
from ckanext.satudata_pontianak.accounts.model import Factor
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.surface.accounts import accounts

from ..site import Pair, Site, ago, as_before

FILE = "surface/accounts.yaml"


def loosened(site: Site) -> None:
    line = "account: [5 per 1 minute, 10 per 15 minute, 20 per 1 hour, 60 per 1 day]"
    site.definition(FILE, line, "account: [500 per 1 minute]", accounts)


def shorter(site: Site) -> None:
    site.definition(FILE, "shortest: 12", "shortest: 6", accounts)


def ends(site: Site) -> None:
    site.option(config.SESSION_IDLE_MINUTES, 60)
    site.option(config.SESSION_HOURS, 12)


def stays(site: Site) -> None:
    site.option(config.SESSION_HOURS, 1000)


def asked_for(site: Site) -> None:
    site.option(config.SECOND_FACTOR_KEY_FILE, str(site.folder / "factors.key"))
    site.option(config.SECOND_FACTOR, True)


def switched_off(site: Site) -> None:
    site.option(config.SECOND_FACTOR, False)


def all_have_one(site: Site) -> None:
    people = {user for duty in factors.deciding() for user in registry.holders_of(duty)}
    people.add(site.city.admin["id"])
    rows = [
        {"user_id": u, "id": u, "secret": "x", "made_at": ago(), "confirmed_at": ago()}
        for u in sorted(people)
    ]
    site.write(sa.delete(Factor), sa.insert(Factor).values(rows))


def none_has_one(site: Site) -> None:
    site.write(sa.delete(Factor))


PAIRS = {
    "lockout_on": Pair(as_before, loosened),
    "passwords_long": Pair(as_before, shorter),
    "sessions_end": Pair(ends, stays),
    "second_factor_on": Pair(asked_for, switched_off),
    "second_factor_share": Pair(all_have_one, none_has_one),
}
