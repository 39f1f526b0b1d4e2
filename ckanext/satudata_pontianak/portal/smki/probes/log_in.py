"""Log-in: tries are counted, passwords long, sessions end, and who decides shows more."""

from __future__ import annotations

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .... import config
from ....accounts import factors, limits
from ....accounts.model import Factor
from ....agencies import registry
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red, yellow
from ....surface.accounts import accounts
from ...operator import exposure_checks
from .. import saying

LET_IN = N_("After %(count)s wrong tries an account is still not locked.")
LOCKED = N_("After %(count)s wrong tries an account has to wait.")
SHORT = N_("A password may have %(count)s characters.")
LONG = N_("A password has at least %(count)s characters.")
STAYS = N_("A session ends after %(minutes)s minutes without use and after %(hours)s hours.")
SHARE = N_("%(having)s of %(count)s people who decide or run the site have a second factor.")
NOBODY = N_("Nobody decides or runs the site.")


def lockout_on(look: Look) -> Evidence:
    """Does an account have to wait after so many wrong tries? Tried on one that nobody has."""
    windows, name = accounts().tries.account, limits.under("account", "nobody's, of a control")
    limits.clear(windows, name)
    try:
        for number in range(look["tries"]):
            if not limits.take(windows, name):
                return green(LOCKED, count=number)
        refused = not limits.has_room(windows, name)
    finally:
        limits.clear(windows, name)
    return (green if refused else red)(LOCKED if refused else LET_IN, count=look["tries"])


def passwords_long(look: Look) -> Evidence:
    """Is a new password as long as it has to be?"""
    shortest = accounts().passwords.shortest
    if shortest < look["characters"]:
        return red(SHORT, count=shortest)
    return green(LONG, count=shortest)


def sessions_end(look: Look) -> Evidence:
    """Does a session end by itself?"""
    minutes, hours = config.session_idle_seconds() // 60, config.session_seconds() // 3600
    long = minutes > look["minutes"] or hours > look["hours"]
    return (red if long else green)(STAYS, minutes=minutes, hours=hours)


def second_factor_on(look: Look) -> Evidence:
    """Is the second factor asked for, and its key read by the site alone?"""
    return saying.of_findings(
        [*exposure_checks.check_second_factor(), *exposure_checks.check_factor_key()]
    )


def second_factor_share(look: Look) -> Evidence:
    """Have those who decide or run the site set up a second factor?"""
    people = {user for duty in factors.deciding() for user in registry.holders_of(duty)}
    administrators = sa.select(model.User.id).where(
        model.User.sysadmin.is_(True),
        model.User.state == "active",
        # What runs by itself does so as this user: nobody logs in with it.
        model.User.name != tk.config["ckan.site_id"],
    )
    people |= set(model.Session.scalars(administrators))
    if not people:
        return red(NOBODY)
    having = sa.select(sa.func.count()).where(
        Factor.user_id.in_(people), Factor.confirmed_at.is_not(None)
    )
    count = model.Session.scalar(having) or 0
    low = count * 100 < look["percent"] * len(people)
    say = red if low else green if count == len(people) else yellow
    return say(SHARE, having=count, count=len(people))


PROBES = {
    "lockout_on": lockout_on,
    "passwords_long": passwords_long,
    "sessions_end": sessions_end,
    "second_factor_on": second_factor_on,
    "second_factor_share": second_factor_share,
}
