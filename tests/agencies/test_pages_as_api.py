"""What the API keeps of agencies, members, groups, accounts and tokens its page keeps as well.

Each pair of an action and its page is tried as each duty; what each changed in the database has to
be the same. A new page or action of this kind is declared here.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import logic, model
from ckan.tests import factories

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies.model import DecreeRow, DelegationRow, ProposalRow
from ckanext.satudata_pontianak.portal.demo.paper import paper
from ckanext.satudata_pontianak.surface import methods

DECREE = "SK/1/2026"
ADMINS = "kuda-baterai-jemuran"
PASSWORD = "empat-kata-tanpa-hubungan-77"
ACTORS = ("admin", "walidata", "ppid", "pengawas", "kepala_dinkes", "produsen", "warga", None)
GROUP = "kelompok-uji"
_numbers = itertools.count(1)


def today() -> str:
    return days.today().isoformat()


class Try:
    """One try: an account that is acted on, a group, and a name that is new."""

    def __init__(self, city: Any) -> None:
        self.city = city
        self.user = factories.User(fullname="Sasaran")
        self.new, self.who = "", None

    def ready(self, who: str | None) -> None:
        """Make what an earlier try took away."""
        self.new, self.who = f"baru-{next(_numbers)}-uji", who
        if model.Group.get(GROUP) is None:
            model.Session.add(model.Group(name=GROUP, title="Kelompok", type="group"))
            model.Session.commit()

    def row(self, row: Any) -> str:
        """Keep a row that a try is about; return its id."""
        model.Session.add(row)
        model.Session.commit()
        return row.id

    def token(self, of: str) -> str:
        """Make a token of somebody; return its id."""
        owner = model.User.get(of) or model.User.get(self.user["id"])
        return self.row(model.ApiToken(owner.id, self.new))

    def delegation(self) -> str:
        """Lay the duties of PPID on the account that is acted on; return the id of that."""
        body, today = model.Group.get("ppid").id, days.today()
        about = {"agency_id": body, "user_id": self.user["id"], "nomor_sk": self.new}
        return self.row(DelegationRow(**about, first_day=today, last_day=today))

    def proposal(self) -> str:
        """Propose the account that is acted on as an editor of an agency; return its id."""
        model.Session.execute(sa.delete(ProposalRow))
        until = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        about = {"agency_id": model.Group.get("dinkes").id, "user_id": self.user["id"]}
        by = {"proposed_by": self.city.admin["id"], "until": until}
        return self.row(ProposalRow(**about, **by, role="editor", state="open"))

    @property
    def me(self) -> str:
        """The name of who tries."""
        if self.who == "admin":
            return self.city.admin["name"]
        return self.city.users[self.who]["name"] if self.who else "tidak-ada"


Values = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """An action with what is sent, and the page that does the same."""

    action: str
    sent: Callable[[Try], Values]
    page: Callable[[Try], str]
    form: Callable[[Try], Values]
    by: str
    """Who can do it, so that the comparison is not one of refusals alone; empty: nobody."""
    only_page: frozenset[str | None] = frozenset()
    """Whom CKAN lets in by the page alone, by an option of its own."""


def _agency(more: Values, by: str) -> Pair:
    return Pair(
        "organization_create",
        lambda t: {"name": t.new, "title": t.new, **more},
        lambda t: "/organization/new",
        lambda t: {"name": t.new, "title": t.new, "save": "", **more},
        by,
    )


def _edit(body: str, more: Values, by: str) -> Pair:
    title = {"title": "Judul lain"}
    return Pair(
        "organization_patch",
        lambda t: {"id": body, **title, **more},
        lambda t: f"/organization/edit/{body}",
        lambda t: {"name": body, **title, "save": "", **more},
        by,
    )


def _close(body: str, more: Values, by: str) -> Pair:
    return Pair(
        "organization_delete",
        lambda t: {"id": body, **more},
        lambda t: f"/organization/delete/{body}",
        lambda t: {"delete": "", **more},
        by,
    )


def _join(kind: str, body: str, user: str, role: str, more: Values, by: str) -> Pair:
    return Pair(
        f"{kind}_member_create",
        lambda t: {"id": body, "username": _who(t, user), "role": role, **more},
        lambda t: f"/{kind}/member_new/{body}",
        lambda t: {"username": _who(t, user), "role": role, **more},
        by,
    )


def _leave(kind: str, body: str, user: str, more: Values, by: str) -> Pair:
    return Pair(
        f"{kind}_member_delete",
        lambda t: {"id": body, "username": _who(t, user), **more},
        lambda t: f"/{kind}/member_delete/{body}?user={model.User.get(_who(t, user)).id}",
        lambda t: {"delete": "", **more},
        by,
    )


def _who(t: Try, user: str) -> str:
    known = {"me": lambda: t.me, "admin": lambda: t.city.admin["name"]}
    known["target"] = lambda: t.user["name"]
    return known[user]() if user in known else t.city.users[user]["name"]


def _account(changes: Values, form: Values, by: str) -> Pair:
    def shown(t: Try) -> Values:
        user = t.user
        return {"name": user["name"], "fullname": user["fullname"], "email": user["email"]}

    return Pair(
        "user_update",
        lambda t: {"id": t.user["id"], **shown(t), **_named(t, changes)},
        lambda t: f"/user/edit/{t.user['name']}",
        lambda t: {**shown(t), "old_password": ADMINS, "save": "", **_named(t, form)},
        by,
    )


def _named(t: Try, values: Values) -> Values:
    return {k: v.replace("NEW", t.new) if isinstance(v, str) else v for k, v in values.items()}


def _revoked(of: Callable[[Try], str], by: str) -> Pair:
    return Pair(
        "api_token_revoke",
        lambda t: {"jti": t.token(of(t))},
        lambda t: f"/user/{of(t)}/api-tokens/revoke",
        lambda t: {"token": t.token(of(t))},
        by,
    )


def _decided(step: str, action: str) -> Pair:
    return Pair(
        action,
        lambda t: {"id": t.proposal()},
        lambda t: f"/satudata/keanggotaan/{t.proposal()}/{step}",
        lambda t: {},
        "kepala_dinkes",
    )


def _same(action: str, page: str, sent: Callable[[Try], Values], by: str, **about: str) -> Pair:
    """A page of ours whose form has the names of the action's parameters."""
    return Pair(action, lambda t: {**sent(t), **about}, lambda t: page, sent, by)


def _scan() -> tuple[io.BytesIO, str]:
    return io.BytesIO(paper("Surat keputusan")), "sk.pdf"


WITH = {"nomor_sk": DECREE}
BODY = {"sdi_role": ["pembina_data"]}
PAIRS = {
    "open an agency": _agency({}, "admin"),
    "open a body": _agency({**BODY, **WITH}, "admin"),
    "open a body without a decree": _agency(BODY, ""),
    "open a body with an unknown decree": _agency({**BODY, "nomor_sk": "SK/tidak ada"}, ""),
    "change an agency": _edit("dinkes", {}, "kepala_dinkes"),
    "lay a duty": _edit("dinkes", {"sdi_role": ["produsen_data", "pembina_data"], **WITH}, "admin"),
    "lay a duty without a decree": _edit("dinkes", BODY, ""),
    "hang an agency below another": _edit("dinsos", {"parent": "dinkes", **WITH}, "admin"),
    "close an agency": _close("dinsos", {}, "admin"),
    "close a body": _close("ppid", WITH, "admin"),
    "close a body without a decree": _close("ppid", {}, ""),
    "add a member": _join("organization", "dinkes", "target", "editor", {}, "kepala_dinkes"),
    "add a member with an unknown decree": _join(
        "organization", "dinkes", "target", "editor", {"nomor_sk": "SK/tidak ada"}, ""
    ),
    "add a member of a body": _join("organization", "ppid", "target", "admin", WITH, "admin"),
    "add a member of a body without a decree": _join(
        "organization", "ppid", "target", "admin", {}, ""
    ),
    "add oneself": _join("organization", "disdukcapil", "me", "admin", {}, ""),
    "add an administrator": _join("organization", "dinkes", "admin", "admin", {}, "kepala_dinkes"),
    "remove a member": _leave("organization", "dinkes", "produsen_2", {}, "kepala_dinkes"),
    "remove a member of a body": _leave("organization", "ppid", "ppid_2", WITH, "admin"),
    "remove a member of a body without a decree": _leave("organization", "ppid", "ppid_2", {}, ""),
    "invite": Pair(
        "user_invite",
        lambda t: {"email": f"{t.new}@contoh.example", "group_id": "dinkes", "role": "editor"},
        lambda t: "/organization/member_new/dinkes",
        lambda t: {"email": f"{t.new}@contoh.example", "role": "editor"},
        "",  # tests have no mail: what could not be sent makes no account
    ),
    "make a group": Pair(
        "group_create",
        lambda t: {"name": t.new, "title": t.new},
        lambda t: "/group/new",
        lambda t: {"name": t.new, "title": t.new, "save": ""},
        "admin",
    ),
    "make a group of an unknown kind": Pair(
        "group_create",
        lambda t: {"name": t.new, "title": t.new, "type": "bebas"},
        lambda t: "/bebas/new",
        lambda t: {"name": t.new, "title": t.new, "save": ""},
        "",
    ),
    "change a group": Pair(
        "group_update",
        lambda t: {"id": GROUP, "name": GROUP, "title": "Judul lain"},
        lambda t: f"/group/edit/{GROUP}",
        lambda t: {"name": GROUP, "title": "Judul lain", "save": ""},
        "admin",
    ),
    "change an agency as a group": Pair(
        "group_update",
        lambda t: {"id": "dinkes", "name": "dinkes", "title": "Judul lain"},
        lambda t: "/group/edit/dinkes",
        lambda t: {"name": "dinkes", "title": "Judul lain", "save": ""},
        "",
    ),
    "delete a group": Pair(
        "group_delete",
        lambda t: {"id": GROUP},
        lambda t: f"/group/delete/{GROUP}",
        lambda t: {"delete": ""},
        "admin",
    ),
    "delete an agency as a group": Pair(
        "group_delete",
        lambda t: {"id": "dinsos"},
        lambda t: "/group/delete/dinsos",
        lambda t: {"delete": ""},
        "",
    ),
    "add a member of a group": _join("group", GROUP, "target", "member", {}, "admin"),
    "add a member of a body as of a group": _join("group", "ppid", "target", "admin", {}, ""),
    "remove a member of a body as of a group": _leave("group", "ppid", "ppid_2", {}, ""),
    "make an account": Pair(
        "user_create",
        lambda t: {"name": t.new, "email": f"{t.new}@contoh.example", "password": PASSWORD},
        lambda t: "/user/register",
        lambda t: {
            "name": t.new,
            "email": f"{t.new}@contoh.example",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "save": "",
        },
        "admin",
    ),
    "make an account with a poor password": Pair(
        "user_create",
        lambda t: {"name": t.new, "email": f"{t.new}@contoh.example", "password": "rahasia"},
        lambda t: "/user/register",
        lambda t: {
            "name": t.new,
            "email": f"{t.new}@contoh.example",
            "password1": "rahasia",
            "password2": "rahasia",
            "save": "",
        },
        "",
    ),
    "change somebody's name": _account(
        {"fullname": "Nama lain"}, {"fullname": "Nama lain"}, "admin"
    ),
    "set somebody's password": _account(
        {"password": PASSWORD}, {"password1": PASSWORD, "password2": PASSWORD}, ""
    ),
    "set somebody's mailbox": _account(
        {"email": "NEW@contoh.example"}, {"email": "NEW@contoh.example"}, ""
    ),
    "close an account": Pair(
        "user_delete",
        lambda t: {"id": t.user["id"]},
        lambda t: f"/user/delete/{t.user['id']}",
        lambda t: {"delete": ""},
        "admin",
    ),
    "make an administrator": Pair(
        "user_patch",
        lambda t: {"id": t.user["name"], "sysadmin": True},
        lambda t: "/user/sysadmin",
        lambda t: {"username": t.user["name"], "status": "1"},
        "admin",
    ),
    "make a token of somebody else": Pair(
        "api_token_create",
        lambda t: {"user": t.user["name"], "name": t.new},
        lambda t: f"/user/{t.user['name']}/api-tokens",
        lambda t: {"name": t.new},
        "",
    ),
    "make a token of one's own": Pair(
        "api_token_create",
        lambda t: {"user": t.me, "name": t.new},
        lambda t: f"/user/{t.me}/api-tokens",
        lambda t: {"name": t.new},
        "warga",
    ),
    "revoke a token of one's own": _revoked(lambda t: t.me, "warga"),
    "revoke a token of somebody else": _revoked(lambda t: t.user["name"], "admin"),
    "record a decree": _same(
        "satudata_decree_create",
        "/satudata/surat-keputusan",
        lambda t: {"nomor_sk": t.new, "day": "2026-03-02", "about": "Contoh", "scan": _scan()},
        "admin",
    ),
    "delegate duties": _same(
        "satudata_delegation_create",
        "/satudata/perangkat-daerah/ppid/pelimpahan",
        lambda t: {"user": t.user["name"], "from": today(), "until": today(), **WITH},
        "admin",
        organization="ppid",
    ),
    "end a delegation": Pair(
        "satudata_delegation_revoke",
        lambda t: {"id": t.delegation()},
        lambda t: f"/satudata/perangkat-daerah/ppid/pelimpahan/{t.delegation()}/akhiri",
        lambda t: {},
        "admin",
    ),
    "propose a membership": _same(
        "satudata_membership_propose",
        "/satudata/keanggotaan",
        lambda t: {"organization": "dinkes", "user": t.user["name"], "role": "editor"},
        "kepala_dinkes",
    ),
    "confirm a membership": _decided("pastikan", "satudata_membership_confirm"),
    "decline a membership": _decided("tolak", "satudata_membership_decline"),
}

WITHOUT_PAGE = frozenset({"make a group of an unknown kind"})
"""Pairs whose page is not there, and has to stay so."""
PAGES_ALONE = {
    "user.login": "no action does this",
    "user.logout": "no action does this",
    "user.request_reset": "no action does this",
    "user.perform_reset": "no action does this",
    "satudata_emergency.start": "tests/portal/offices/test_emergency_page.py",
    "satudata_emergency.end": "tests/portal/offices/test_emergency_page.py",
    "satudata_rescue.start": "tests/portal/offices/test_emergency_page.py",
    "satudata_rescue.factor": "tests/accounts/log_in/test_second_factor.py",
    **{
        f"{kind}.{act}": "what somebody follows is their own"
        for kind in ("organization", "group", "user")
        for act in ("follow", "unfollow")
    },
    **{
        f"{kind}.{page}": "shows alone, though core lets it be posted"
        for kind in ("organization", "group")
        for page in ("admins", "followers", "manage_members")
    },
    **{
        f"{kind}.bulk_process": "of datasets: tests/classification/writes/test_writes.py"
        for kind in ("organization", "group")
    },
}
"""Pages of agencies, groups and people that write and stand in no pair, each with why."""
ACTIONS_ALONE = {
    "organization_update": "its page is that of organization_patch",
    "group_patch": "its page is that of group_update",
    "organization_purge": "core's trash: tests/agencies/test_break_glass.py",
    "group_purge": "core's trash: tests/agencies/test_break_glass.py",
    "member_create": "behind the pages of members",
    "member_delete": "behind the pages of members",
}
"""Actions on agencies, groups, members, accounts and tokens in no pair, each with why."""
OF_THESE = re.compile(
    r"(organization|group|member|user|api_token|satudata_(decree|delegation|membership))_"
)


def test_each_page_and_each_action_of_these_stands_in_a_pair(app, city) -> None:
    t = Try(city)
    t.ready("admin")
    rules = app.flask_app.url_map.bind("test.ckan.net")
    paired = set()
    for name, pair in PAIRS.items():
        if name not in WITHOUT_PAGE:
            path = pair.page(t).partition("?")[0]
            paired.add(rules.match(path, method="POST")[0])
    rooms = {endpoint.split(".")[0] for endpoint in {*paired, *PAGES_ALONE}}
    pages = {
        rule.endpoint
        for rule in app.flask_app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] in rooms
    }
    assert pages - paired - set(PAGES_ALONE) == set()
    assert set(PAGES_ALONE) - pages == set()
    logic.get_action("package_show")  # fills the list of all
    actions = {n for n in logic._actions if OF_THESE.match(n) and not methods.is_read(n)}
    assert actions - {p.action for p in PAIRS.values()} - set(ACTIONS_ALONE) == set()


def state(t: Try) -> set[tuple[Any, ...]]:
    """What the database says of agencies, members, groups, accounts and tokens."""
    model.Session.rollback()
    group, member, user = model.Group, model.Member, model.User
    found: set[tuple[Any, ...]] = set()
    names = {row.id: row.name for row in model.Session.execute(sa.select(group.id, group.name))}
    query = sa.select(user.id, user.name, user.state, user.sysadmin, user.fullname, user.email,
                      user.__table__.c.password)  # fmt: skip
    for row in model.Session.execute(query):
        names[row.id] = row.name
        of_target = row.password if row.id == t.user["id"] else None
        found.add(("user", row.name, row.state, row.sysadmin, row.fullname, row.email, of_target))
    query = sa.select(group.name, group.title, group.state, group.is_organization, group.type,
                      group.extras)  # fmt: skip
    for row in model.Session.execute(query):
        extras = {k: v for k, v in (row.extras or {}).items() if v}
        found.add(("group", *row[:5], str(sorted(extras.items()))))
    query = sa.select(member.group_id, member.table_name, member.table_id, member.capacity)
    for row in model.Session.execute(query.where(member.state == "active")):
        if row.table_name in ("user", "group"):
            there = (names.get(row.group_id), row.table_name, names.get(row.table_id))
            found.add(("member", *there, row.capacity))
    for row in model.Session.scalars(sa.select(DecreeRow)):
        found.add(("decree", row.nomor_sk, row.about, names.get(row.agency_id or "")))
    for row in model.Session.scalars(sa.select(DelegationRow)):
        about = names.get(row.agency_id), names.get(row.user_id), row.nomor_sk
        found.add(("delegation", *about, row.revoked_at is not None))
    for row in model.Session.scalars(sa.select(ProposalRow)):
        found.add(("proposal", names.get(row.agency_id), names.get(row.user_id), row.state))
    token = model.ApiToken
    for row in model.Session.execute(sa.select(token.name, token.user_id)):
        found.add(("token", row.name, names.get(row.user_id)))
    return found


def changed(t: Try, call: Callable[[], Any]) -> tuple[Any, set[str]]:
    """Return the answer of a call, and what it changed, with what is new under one name."""
    before = state(t)
    answer = call()
    after = state(t)
    what = {(sign, fact) for sign, facts in (("-", before - after), ("+", after - before))
            for fact in facts}  # fmt: skip
    if what:
        t.city.restore()
    short = t.new.replace("-", "").replace("_", "")
    said = set()
    for sign, fact in what:
        # CKAN makes the name of an invited person out of the mailbox, with figures behind it.
        invited = fact[0] == "user" and fact[1].startswith(t.new[:6]) and fact[1] != t.new
        named = ("user", "INVITED", *fact[2:]) if invited else fact
        text = f"{sign} {named}".replace(t.new, "NEW").replace(short, "NEW")
        for part in (t.user["id"], t.user["email"], t.user["name"]):
            text = text.replace(part, "TARGET")
        said.add(text)
    return answer, said


@pytest.mark.parametrize("name", PAIRS)
def test_a_page_keeps_what_its_action_keeps(app, city, name) -> None:
    pair, t = PAIRS[name], Try(city)
    could = set()
    for who in ACTORS:
        headers = city.token(who)
        doors = {}
        for door in ("action", "page"):
            t.ready(who)
            if door == "action":
                sent = pair.sent(t)
                form = any(isinstance(value, tuple) for value in sent.values())
                address, more = f"/api/3/action/{pair.action}", {"data" if form else "json": sent}
            else:
                address, more = pair.page(t), {"data": pair.form(t)}
            answer, what = changed(
                t, lambda a=address, m=more, h=headers: app.post(
                    a, headers=h, follow_redirects=False, **m
                )
            )  # fmt: skip
            assert answer.status_code < 500, (who, door)
            doors[door] = what
            if what:  # what was changed is put back, and strangers are closed with it
                t.user = factories.User(fullname="Sasaran")
        if who in pair.only_page:
            assert not doors["action"]
            continue
        assert normal(doors["page"]) == normal(doors["action"]), who
        if doors["action"]:
            could.add(who)
    assert (pair.by in could) if pair.by else (not could), could


def normal(facts: set[str]) -> list[str]:
    """Return facts without the digests of passwords, which differ by their salt."""
    return sorted(re.sub(r"'\$pbkdf2[^']*'", "'PASSWORD'", fact) for fact in facts)
