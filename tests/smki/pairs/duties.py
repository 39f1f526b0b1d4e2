"""Duties and roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.smki.records.model import SmkiRole, new_id, now
from ckanext.satudata_pontianak.smki.rules.definition import smki

from ..site import Pair, Site, as_before


def one_auditor(site: Site) -> None:
    site.city.join("inspektorat", "pengawas", "admin")


def no_auditor(site: Site) -> None:
    site.leave("inspektorat", "pengawas")


def two_walidata(site: Site) -> None:
    site.city.join("diskominfo", "walidata_2", "admin")


def one_walidata(site: Site) -> None:
    site.leave("diskominfo", "walidata_2")


def ppid_only(site: Site) -> None:
    site.write(sa.delete(model.Member).where(*_of("ppid", "walidata")))


def ppid_and_walidata(site: Site) -> None:
    site.city.join("ppid", "walidata", "admin")


def one_body(site: Site) -> None:
    site.city.act("admin", "organization_patch", id="setda", sdi_role=["atasan_ppid"], **SK)


def two_bodies(site: Site) -> None:
    """As a hand in the database does: the form refuses it."""
    group = model.Group.get("setda")
    assert group is not None
    group.extras = {**group.extras, "sdi_role": '["atasan_ppid", "walidata"]'}
    model.Session.commit()


def owner_apart(site: Site) -> None:
    site.write(sa.delete(SmkiRole))


def auditor_owns(site: Site) -> None:
    """As a hand in the database does: the action refuses it."""
    site.write(_laid("operator", site.user("pengawas")))


def two_of_each(site: Site) -> None:
    for org, user in TWO:
        site.city.person(user)
        site.city.join(org, user, "admin")


def no_auditors(site: Site) -> None:
    for user in ("pengawas", "pengawas_2"):
        site.leave("inspektorat", user)


def too_much(site: Site) -> None:
    most = f"most_tasks_a_month: {smki().roles.most_tasks_a_month}"
    site.definition("smki/roles.yaml", most, "most_tasks_a_month: 1", smki)


def _laid(role: str, user: str) -> Any:
    first = days.today() - dt.timedelta(days=1)
    values = {"id": new_id(), "role": role, "user_id": user, "nomor_sk": "SK/1/2026"}
    return sa.insert(SmkiRole).values(**values, first_day=first, created_at=now())


def _of(org: str, user: str) -> tuple[Any, ...]:
    group, person = model.Group.get(org), model.User.get(user)
    assert group is not None
    assert person is not None
    member = model.Member
    return member.group_id == group.id, member.table_id == person.id


TWO = (
    ("inspektorat", "pengawas"),
    ("inspektorat", "pengawas_2"),
    ("diskominfo", "walidata_2"),
    ("ppid", "ppid_2"),
    ("setda", "penetap_2"),
)
SK = {"nomor_sk": "SK/1/2026"}
PAIRS = {
    "duties_held": Pair(one_auditor, no_auditor),
    "duties_doubled": Pair(two_walidata, one_walidata),
    "duties_apart": Pair(ppid_only, ppid_and_walidata),
    "bodies_single": Pair(one_body, two_bodies),
    "roles_named": Pair(one_auditor, no_auditor),
    "roles_apart": Pair(owner_apart, auditor_owns),
    "deputies_there": Pair(two_of_each, no_auditors),
    "plan_bearable": Pair(as_before, too_much),
}
