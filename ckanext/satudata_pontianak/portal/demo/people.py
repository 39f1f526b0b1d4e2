"""The people of the demo: accounts and memberships, made through CKAN's own actions."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import decrees, fixtures
from . import catalogue
from .paper import paper

DECREE = "CONTOH/SK/1/2024"
MAIL = "contoh.example"
"""A domain that nobody can own: mail to these people goes nowhere."""

MARK = "satudata_demo"
TOKEN_NAME = "demo"  # noqa: S105
SYSADMIN = "admin"


FOUNDED = dt.datetime(2024, 1, 2, 8, tzinfo=days.CITY)
"""When the agencies and their people began in the demo."""


class DemoError(Exception):
    """The demo cannot go on; the message says where and why."""


@dataclass(frozen=True)
class Person:
    """A made-up person. Who does not log in only wrote data for another agency."""

    name: str
    fullname: str
    agency: str | None = None
    capacity: str = "admin"
    sysadmin: bool = False
    logs_in: bool = True


PEOPLE = (
    Person(SYSADMIN, "Pengelola Sistem", sysadmin=True),
    Person("produsen_dinkes", "Produsen Data Dinas Kesehatan", "dinas-kesehatan", "editor"),
    Person(
        "produsen_disdukcapil",
        "Produsen Data Disdukcapil",
        "dinas-kependudukan-dan-pencatatan-sipil",
        "editor",
    ),
    Person("walidata", "Walidata Satu", "dinas-komunikasi-dan-informatika"),
    Person("walidata_2", "Walidata Dua", "dinas-komunikasi-dan-informatika"),
    Person(
        "plh_walidata",
        "Pelaksana Harian Walidata",
        "dinas-komunikasi-dan-informatika",
        "editor",
    ),
    Person("ppid", "Pejabat PPID", "ppid"),
    Person("penetap", "Atasan PPID", "sekretariat-daerah"),
    Person("pengawas", "Pengawas Inspektorat", "inspektorat"),
    Person("warga", "Warga"),
    Person("pejabat_pdp", "Pejabat Pelindungan Data Pribadi"),
    Person("anggota_ttis", "Anggota Tim Tanggap Insiden"),
    Person("operator_server", "Operator Server"),
    Person(
        "produsen_bappeda",
        "Produsen Data Bappeda",
        "bappeda",
        "editor",
        logs_in=False,
    ),
)


def everybody() -> tuple[Person, ...]:
    """Return the people who are named, and who writes for each other agency with a dataset."""
    known = {one.name for one in PEOPLE}
    writers = {one.producer: one.owner for one in catalogue.datasets() if one.producer not in known}
    return (
        *PEOPLE,
        *(
            Person(
                name,
                f"Produsen Data {catalogue.agencies()[agency]['title']}"[:100],
                agency,
                "editor",
                logs_in=False,
            )
            for name, agency in writers.items()
        ),
    )


def agencies() -> list[dict[str, Any]]:
    """Return the agencies of the demo: each of them brings data, and one is made up."""
    return [
        {
            **one,
            "sdi_role": sorted({*one["sdi_role"], "produsen_data"}),
            "nomor_sk": DECREE,
        }
        for one in (*fixtures.load(), catalogue.MADE_UP)
    ]


STAND_IN = "plh_walidata"
"""Has the duty of Walidata for some weeks, by delegation."""

STAND_IN_BY = "walidata"
STAND_IN_DECREE = "CONTOH/SK-PLH/1/2026"
STAND_IN_DAYS = 30

ROLES = {"pejabat_pdp": "pejabat_pdp", "anggota_ttis": "ttis", "operator_server": "operator"}
"""Person → the role of information security that a decree lays on them."""
ROLES_DECREE = "CONTOH/SK-SMKI/1/2026"

DECREE_DAY = dt.date(2026, 1, 2)
DECREES = (
    (DECREE, FOUNDED.date(), "Contoh: perangkat daerah dan tugasnya dalam Satu Data"),
    (STAND_IN_DECREE, DECREE_DAY, "Contoh: pelaksana harian Walidata"),
    (ROLES_DECREE, DECREE_DAY, "Contoh: peran keamanan informasi portal Satu Data"),
)


def act(who: str, action: str, **params: Any) -> Any:
    """Call an action as somebody, with every check that anybody would meet; "" is nobody."""
    return act_with({}, who, action, params)


def act_with(more: Mapping[str, Any], who: str, action: str, params: dict[str, Any]) -> Any:
    """Call an action as somebody, with something else in the context of the call."""
    user = model.User.get(who) if who else None
    context: Any = {"user": who, "auth_user_obj": user, "ignore_auth": False}
    context.update(more)
    try:
        return tk.get_action(action)(context, params)
    finally:
        model.Session.rollback()


def site_user() -> str:
    """The name of CKAN's own account, which makes the first system administrator."""
    name = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    model.Session.commit()
    return name


def new_password() -> str:
    """A password that nobody guesses."""
    return secrets.token_urlsafe(18)


def refuse_others() -> None:
    """See that nobody else has the name of one of the demo's people.

    :raises DemoError: somebody has.
    """
    for person in PEOPLE:
        user = model.User.get(person.name)
        if user is not None and MARK not in (user.plugin_extras or {}):
            model.Session.rollback()
            message = tk._(
                "An account named '%(name)s' exists and does not belong to the demo. The demo is "
                "for a site of its own."
            )
            raise DemoError(message % {"name": person.name})


def ensure_account(person: Person, password: str, by: str) -> bool:
    """Make the account if it is missing; tell whether it was made.

    The password of one that is there already is set to ``password`` where it is another, by the
    person itself.
    """
    user = model.User.get(person.name)
    if user is None:
        act(
            by,
            "user_create",
            name=person.name,
            fullname=person.fullname,
            email=f"{person.name}@{MAIL}",
            password=password,
            sysadmin=person.sysadmin,
            plugin_extras={MARK: {"made_by": "ckan satudata demo"}},
        )
        return True
    if person.logs_in and not user.validate_password(password):
        # By whoever has the server: the person is not here to give the old one.
        context: Any = {"user": site_user(), "ignore_auth": True}
        tk.get_action("user_patch")(context, {"id": person.name, "password": password})
    model.Session.rollback()
    return False


def ensure_decrees() -> None:
    """Record the decrees that the demo names, with a paper in the place of a scan."""
    for number, day, about in DECREES:
        decrees.ensure(number, day, about, paper(f"{number}. {about}."))
    model.Session.commit()


def ensure_membership(person: Person) -> bool:
    """Make the person a member of their agency, by decree; tell whether anything changed."""
    if person.agency is None:
        return False
    user, group = model.User.get(person.name), model.Group.get(person.agency)
    if user is None or group is None:
        raise DemoError(tk._("There is no agency '%(name)s'.") % {"name": person.agency})
    rows = model.Session.query(model.Member.capacity).filter_by(
        table_name="user", table_id=user.id, group_id=group.id, state="active"
    )
    capacities = {row.capacity for row in rows}
    model.Session.rollback()
    if capacities == {person.capacity}:
        return False
    act(
        SYSADMIN,
        "organization_member_create",
        id=person.agency,
        username=person.name,
        role=person.capacity,
        nomor_sk=DECREE,
    )
    return True


def ensure_delegation(today: dt.date) -> bool:
    """Lay Walidata's duty on the person who stands in, from today; tell whether it was done.

    Once: one that has ended or was revoked is not made again.
    """
    body = next(p.agency for p in PEOPLE if p.name == STAND_IN)
    known = act(STAND_IN_BY, "satudata_delegation_list", organization=body)
    if any(d["user"] == STAND_IN for d in known):
        return False
    act(
        STAND_IN_BY,
        "satudata_delegation_create",
        organization=body,
        user=STAND_IN,
        **{"from": today.isoformat()},
        until=(today + dt.timedelta(days=STAND_IN_DAYS - 1)).isoformat(),
        nomor_sk=STAND_IN_DECREE,
    )
    return True


def ensure_roles() -> int:
    """Lay the roles of information security that nobody was given yet; return how many."""
    given = {item["user"] for item in act(STAND_IN_BY, "satudata_smki_role_list")}
    missing = [name for name in ROLES if name not in given]
    for name in missing:
        act(
            STAND_IN_BY,
            "satudata_smki_role_create",
            role=ROLES[name],
            user=name,
            nomor_sk=ROLES_DECREE,
            **{"from": DECREE_DAY.isoformat()},
        )
    return len(missing)


def ensure_token(person: Person, known: Mapping[str, str]) -> str:
    """Return the token that is known if it still opens the account, else a new one."""
    token = known.get(person.name)
    if token and _opens(token, person.name):
        return token
    for old in act(person.name, "api_token_list", user_id=person.name):
        if old["name"] == TOKEN_NAME:
            act(person.name, "api_token_revoke", jti=old["id"])
    return act(person.name, "api_token_create", user=person.name, name=TOKEN_NAME)["token"]


def _opens(token: str, name: str) -> bool:
    from ckan.lib.api_token import get_user_from_token

    user = get_user_from_token(token, update_access_time=False)
    return user is not None and user.name == name
