"""Accounts and tokens."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.portal.demo.people import MARK

from ..site import Pair, Site, ago

USER = model.User.__table__


def naive(**span: float) -> dt.datetime:
    """Return a moment of the past as CKAN's own tables keep it."""
    return ago(**span).replace(tzinfo=None)


def account_closed(site: Site) -> None:
    if "staf" in site.city.users:
        gone = sa.select(model.Member.table_id).where(model.Member.state == "deleted")
        close = sa.update(USER).where(USER.c.id.in_(gone)).values(state="deleted")
        site.write(close)


def account_left(site: Site) -> None:
    site.leave("dinkes", "staf")


def came_today(site: Site) -> None:
    site.write(sa.update(USER).values(last_active=naive()))


def came_long_ago(site: Site) -> None:
    of = USER.c.id == site.user("pengawas")
    site.write(sa.update(USER).where(of).values(last_active=naive(days=91)))


def token_made_anew(site: Site) -> None:
    old = model.ApiToken.created_at < naive(days=300)
    site.write(sa.delete(model.ApiToken).where(old))


def old_token(site: Site) -> None:
    who = site.city.users["produsen"]["name"]
    call_action("api_token_create", {"user": who}, user=who, name="lama")
    named = model.ApiToken.name == "lama"
    site.write(sa.update(model.ApiToken).where(named).values(created_at=naive(days=366)))


def rights_taken(site: Site) -> None:
    other = USER.c.id != site.city.admin["id"]
    site.write(sa.update(USER).where(other).values(sysadmin=False))


def administrator_decides(site: Site) -> None:
    of = USER.c.id == site.user("ppid")
    site.write(sa.update(USER).where(of).values(sysadmin=True))


def demo_closed(site: Site) -> None:
    site.write(sa.update(USER).values(plugin_extras=None))


def demo_made(site: Site) -> None:
    of = USER.c.id == site.user("warga")
    site.write(sa.update(USER).where(of).values(plugin_extras={MARK: {"made_by": "x"}}))


PAIRS = {
    "accounts_left": Pair(account_closed, account_left),
    "accounts_used": Pair(came_today, came_long_ago),
    "tokens_young": Pair(token_made_anew, old_token),
    "administrators_apart": Pair(rights_taken, administrator_decides),
    "demo_absent": Pair(demo_closed, demo_made),
}
