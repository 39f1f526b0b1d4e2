"""What is tried, and whether it came through: a probe for each guard of what comes in."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import secrets
import string
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer

from ckanext.satudata_pontianak.access.limits import rates
from ckanext.satudata_pontianak.agencies import capacities, registry
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.writes import type_gate
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.portal.web import own_files, prose

from ..city import PASSWORD, upload

NIK = "6171014101900001"
REFUSED = (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)


def word() -> str:
    """Return a word that nothing else has."""
    return "k" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(13))


class Bench:
    """What probes try things with: the city, the application, and somebody's browser."""

    def __init__(self, city: Any, app: Any, patch: Any) -> None:
        self.city, self.app, self.patch = city, app, patch
        self.client = app.test_client()
        self.said = ""

    def takes(self, who: str | None, action: str, **given: Any) -> bool:
        """Tell whether an action is done for somebody."""
        try:
            self.city.act(who, action, **given)
        except REFUSED as refused:
            self.said = f"{type(refused).__name__.removeprefix('Object')}: {refused}"
            return False
        return True

    def call(self, who: str | None, action: str, **given: Any) -> Any:
        """Call an action over HTTP."""
        headers = self.city.token(who)
        return self.app.test_client(use_cookies=False).post(
            f"/api/3/action/{action}", json=given, headers=headers
        )

    def get(self, path: str, **headers: str) -> Any:
        """Ask for a page as somebody who comes for the first time."""
        client = self.app.test_client(use_cookies=False)
        return client.get(path, headers=headers, follow_redirects=False)

    def log_in(self, who: str, password: str = PASSWORD) -> bool:
        """Log in, in a browser of one's own; tell whether somebody is in."""
        self.client = self.app.test_client()
        sent = {"login": self.city.users[who]["name"], "password": password}
        self.client.post("/user/login", data=sent, follow_redirects=False)
        return self.client.get("/satudata/sesi", follow_redirects=False).status_code == 200


def without(app: Any, hook: Callable[..., Any], patch: Any) -> None:
    """Take out a step of every request."""
    flask_app, found = app.flask_app, False
    for steps in (flask_app.before_request_funcs, flask_app.after_request_funcs):
        if hook in steps.get(None, []):
            found = True
            patch.setitem(steps, None, [step for step in steps[None] if step is not hook])
    assert found, f"{hook.__module__}.{hook.__name__} is no step of a request"


# ------------------------------------------------------------------------------- datasets


def new_type(b: Bench) -> bool:
    b.takes("produsen", "package_create", title="A", owner_org="dinkes", type="bebas")
    query = sa.select(sa.func.count()).where(model.Package.type == "bebas")
    return bool(model.Session.scalar(query))


def free_type(b: Bench) -> bool:
    return b.takes(
        "produsen",
        "harvest_source_create",
        name=word(),
        title="Sumber",
        url=f"http://contoh.go.id/{word()}",
        source_type="ckan",
        owner_org=b.city.orgs["dinkes"]["id"],
    )


def free_text(b: Bench) -> bool:
    return b.takes(
        "walidata",
        "harvest_source_create",
        name=word(),
        title="Sumber",
        notes=f"NIK {NIK}",
        url=f"http://contoh.go.id/{word()}",
        source_type="ckan",
        owner_org=b.city.orgs["diskominfo"]["id"],
    )


def left_over(b: Bench) -> bool:
    dataset = b.city.dataset(file=False)
    change = sa.text("UPDATE package SET type = 'bebas' WHERE id = :id")
    model.Session.execute(change, {"id": dataset["id"]})
    model.Session.commit()
    other = {"organization_id": b.city.orgs["dinsos"]["id"]}
    return b.takes("admin", "package_owner_org_update", id=dataset["id"], **other)


def undeclared_key(b: Bench) -> bool:
    file = b.city.dataset()["resources"][0]["id"]
    return b.takes("produsen", "resource_patch", id=file, lampiran="isi")


def key_of_forms(b: Bench) -> bool:
    file = b.city.dataset()["resources"][0]["id"]
    b.takes("produsen", "resource_patch", id=file, save="isi")
    model.Session.expire_all()
    return "save" in (model.Resource.get(file).extras or {})


def value_said_back(b: Bench) -> bool:
    given = {"match__id": b.city.dataset()["id"], f"update__resources__{NIK}": {"name": "x"}}
    return NIK in b.call("produsen", "package_revise", **given).body


def any_format(b: Bench) -> bool:
    file = b.city.dataset()["resources"][0]["id"]
    return b.takes("produsen", "resource_patch", id=file, format="punya Budi")


def any_licence(b: Bench) -> bool:
    dataset = b.city.dataset(file=False)
    return b.takes("produsen", "package_patch", id=dataset["id"], license_id="punya-budi")


def text_with_nik(b: Bench) -> bool:
    dataset = b.city.dataset(file=False)
    return b.takes("produsen", "package_patch", id=dataset["id"], notes=f"NIK {NIK}")


def file_name_with_nik(b: Bench) -> bool:
    dataset = b.city.dataset(file=False)
    file = upload(name=f"nik {NIK}.csv")
    return b.takes("produsen", "resource_create", package_id=dataset["id"], upload=file)


def about_with_nik(b: Bench) -> bool:
    who = word()
    return b.takes(who, "user_patch", id=b.city.person(who)["id"], about=f"NIK {NIK}")


def group_with_nik(b: Bench) -> bool:
    return b.takes("admin", "group_create", name=word(), description=f"NIK {NIK}")


def group_type(b: Bench) -> bool:
    return b.takes("admin", "group_create", name=word(), title="A", type="bebas")


def group_member(b: Bench) -> bool:
    group = b.city.act("admin", "group_create", name=word(), title="Kelompok")
    kata = b.city.act("admin", "vocabulary_create", name=word(), tags=[])
    given = {"id": group["id"], "object": kata["id"], "object_type": "vocabulary"}
    return b.takes("admin", "member_create", **given, capacity="public")


def group_capacity(b: Bench) -> bool:
    group = b.city.act("admin", "group_create", name=word(), title="Kelompok")
    given = {"id": group["id"], "object": b.city.users["warga"]["id"], "object_type": "user"}
    return b.takes("admin", "member_create", **given, capacity=f"NIK {NIK}")


def dataset_capacity(b: Bench) -> bool:
    group = b.city.act("admin", "group_create", name=word(), title="Kelompok")
    given = {"groups": [{"name": group["name"], "capacity": "kepunyaan Budi"}]}
    return b.takes("admin", "package_patch", id=b.city.dataset(file=False)["id"], **given)


def odd_address(b: Bench) -> bool:
    dataset = b.city.dataset(file=False)
    return b.takes(
        "produsen", "resource_create", package_id=dataset["id"], url="gopher://contoh.go.id/a"
    )


def other_name(b: Bench) -> bool:
    return b.takes("produsen", "package_create", title="A", owner_org="dinkes", name=word())


def other_name_later(b: Bench) -> bool:
    dataset = b.city.dataset(file=False)
    return b.takes("produsen", "package_patch", id=dataset["id"], name=word())


def removal(b: Bench) -> bool:
    return b.takes("produsen", "package_delete", id=b.city.publish()["id"])


def purge(b: Bench) -> bool:
    return b.takes("admin", "dataset_purge", id=b.city.publish()["id"])


def rows(b: Bench) -> bool:
    """The backend refuses as well, in other words."""
    file = b.city.publish()["resources"][0]["id"]
    given = {"resource_id": file, "force": True, "fields": [{"id": "a"}]}
    return b.takes("admin", "datastore_create", **given) or "versions_only" not in b.said


def odd_source(b: Bench) -> bool:
    b.city.act(
        "walidata",
        "harvest_source_create",
        name=word(),
        title="Sumber",
        url=f"http://contoh.go.id/{word()}",
        source_type="ckan",
        owner_org=b.city.orgs["diskominfo"]["id"],
    )
    model.Session.execute(sa.text("UPDATE harvest_source SET url = 'file:///etc/passwd'"))
    model.Session.commit()
    source = model.Session.scalar(sa.text("SELECT id FROM harvest_source ORDER BY created DESC"))
    return b.takes("walidata", "harvest_job_create", source_id=source, run=False)


# ------------------------------------------------------------------------------- requests


def odd_argument(b: Bench) -> bool:
    """A function of the harvester's, which breaks when it is called."""
    try:
        return b.call("admin", "get_mail_extra_vars").status_code != 400
    except Exception:  # noqa: BLE001 - it was called
        model.Session.rollback()
        return True


def long_field(b: Bench) -> bool:
    return b.get("/dataset/?q=" + "x" * 4001).status_code != 422


def long_address(b: Bench) -> bool:
    return b.get("/dataset/" + "x" * 40_000).status_code != 414


def often(b: Bench) -> bool:
    paper, address = "/satudata/sop/tidak-ada.json", f"198.51.100.{os.getpid() % 200}"
    most = rates.rates.kind("papers").items()[0].amount
    codes = {b.get(paper, **{"X-Forwarded-For": address}).status_code for _ in range(most + 1)}
    return 429 not in codes


def full_house(b: Bench) -> bool:
    places = rates.rates.Places(1)
    held = places.take()
    assert held is not None
    with b.patch.context() as patch:
        patch.setattr(rates, "_places", lambda: places)
        without(b.app, rates._begin, patch)
        said = b.get("/api/3/action/package_search", **{"X-Forwarded-For": "198.51.100.23"})
    return said.status_code != 503


def foreign_form(b: Bench) -> bool:
    flask_app, wanted = b.app.flask_app, b.city.publish()["name"]
    b.log_in("warga")
    flask_app.config["WTF_CSRF_ENABLED"] = True
    try:
        followed = {"kind": "dataset", "target": wanted}
        sent = b.client.post("/api/3/action/satudata_follow_create", json=followed)
    finally:
        flask_app.config["WTF_CSRF_ENABLED"] = False
    return sent.status_code == 200


def unseen(b: Bench) -> bool:
    draft, headers = b.city.dataset(file=False), b.city.token("warga")
    answers = []
    for name in (draft["name"], "dinkes-" + "q" * (len(draft["name"]) - 7)):
        sent = b.app.post("/api/3/action/package_delete", json={"id": name}, headers=headers)
        answers.append((sent.status_code, sent.body.replace(name, "")))
    return answers[0] != answers[1]


def zero_counts(b: Bench) -> bool:
    asked = {"rows": 0, "facet.field": ["tags"], "facet.mincount": 0}
    return b.call(None, "package_search", **asked).status_code == 200


def undeclared_field(b: Bench) -> bool:
    said = b.call(None, "package_search", fq="permission_labels:public")
    return said.status_code == 200


def stray_cookie(b: Bench) -> bool:
    seen: list[str] = []

    def about() -> str:
        seen.extend(tk.request.cookies)
        return ""

    with b.patch.context() as patch:
        patch.setitem(b.app.flask_app.view_functions, "satudata_portal.about", about)
        b.get("/tentang-portal", Cookie="remember_token=1|abc")
    return "remember_token" in seen


def no_policy(b: Bench) -> bool:
    return "Content-Security-Policy" not in b.get("/user/login").headers


def token_elsewhere(b: Bench) -> bool:
    b.patch.setitem(tk.config, "ckan.cors.origin_allow_all", True)
    said = {"Origin": "https://lain.example", **b.city.token("produsen")}
    answer = b.app.test_client().get("/api/3/action/status_show", headers=said)
    return "Access-Control-Allow-Origin" in answer.headers


def no_frame(b: Bench) -> bool:
    dataset = b.city.publish()
    file = dataset["resources"][0]["id"]
    made = b.city.act(
        "produsen", "resource_view_create", resource_id=file, view_type="text_view", title="Isi"
    )
    shown = b.get(f"/dataset/{dataset['id']}/resource/{file}/view/{made['id']}")
    return "frame-ancestors 'self'" not in shown.headers["Content-Security-Policy"]


def handler(b: Bench) -> bool:
    env = b.app.flask_app.jinja_env
    return "onclick" in env.from_string('<a onclick="hapus()">x</a>').render()


def kept_by_a_proxy(b: Bench) -> bool:
    said = b.app.get("/dataset/", headers=b.city.token("warga"))
    return "no-store" not in said.headers.get("Cache-Control", "")


def core_download(b: Bench) -> bool:
    limited = b.city.limit()
    file = limited["resources"][0]["id"]
    try:
        said = b.get(f"/harvest/{limited['id']}/resource/{file}/download")
    except Exception:  # noqa: BLE001 - core's own view was asked, and has no file of it
        return True
    return said.status_code != 403


# ------------------------------------------------------------------------------- accounts


def guessing(b: Bench) -> bool:
    for _ in range(6):
        b.log_in("warga", "salah-salah-salah")
    return b.log_in("warga")


def weak_password(b: Bench) -> bool:
    given = {"name": word(), "email": f"{word()}@contoh.id", "password": "password123456"}
    return b.takes("admin", "user_create", **given)


def new_mailbox(b: Bench) -> bool:
    who = word()
    user = b.city.person(who)["id"]
    return b.takes(who, "user_patch", id=user, email=f"{word()}@contoh.id")


def password_of_another(b: Bench) -> bool:
    user = b.city.person(word())["id"]
    return b.takes("admin", "user_patch", id=user, password="perahu-lampu-meja-hujan")


def without_code(b: Bench) -> bool:
    b.patch.setitem(tk.config, "ckanext.satudata_pontianak.second_factor", True)
    return b.log_in("walidata")


def not_asked_for_a_code(b: Bench) -> bool:
    b.patch.setitem(tk.config, "ckanext.satudata_pontianak.second_factor", False)
    b.log_in("walidata")
    b.patch.setitem(tk.config, "ckanext.satudata_pontianak.second_factor", True)
    return b.client.get("/tentang-portal", follow_redirects=False).status_code == 200


def old_link(b: Bench) -> bool:
    user = model.User.get(b.city.users["warga"]["id"])
    assert user is not None
    mailer.create_reset_key(user)
    return b.get(f"/user/reset/{user.id}?key={user.reset_key}").status_code == 200


def member_without_decree(b: Bench) -> bool:
    given = {"id": "diskominfo", "username": b.city.users["warga"]["name"], "role": "admin"}
    return b.takes("admin", "organization_member_create", **given)


def oneself(b: Bench) -> bool:
    given = {"id": "diskominfo", "username": b.city.admin["name"], "role": "admin"}
    return b.takes("admin", "organization_member_create", nomor_sk="SK/9/2026", **given)


def lasting_duty(b: Bench) -> bool:
    """In a body where somebody is whom the administrator made, it would not end with the access."""
    own, until = word(), (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    made = b.call("admin", "user_create", name=own, email=f"{own}@contoh.id", password=PASSWORD)
    b.said = made.body
    capacities.set_capacity(model.Group.get("dinsos").id, made.json["result"]["id"], "admin")
    model.Session.commit()
    b.takes("admin", "satudata_break_glass_start", reason="Walidata sedang sakit", until=until)
    given = {"sdi_role": ["produsen_data", "pengawas"], "nomor_sk": "SK/1/2026"}
    return b.takes("admin", "organization_patch", id="dinsos", **given)


def untraced(b: Bench) -> bool:
    """A shell or another plugin writes a membership: no entry tells of it."""
    person = b.city.person(word())["id"]
    capacities.set_capacity(model.Group.get("dinsos").id, person, "editor")
    model.Session.commit()
    query = sa.select(sa.func.count()).where(
        entry_table.c.event == "member.add",
        entry_table.c.body["detail"]["user"].astext == person,
    )
    return not model.Session.scalar(query)


def remembered(b: Bench) -> bool:
    """What somebody may, as it was read before the same request took it from them."""
    name = b.city.person(word())["name"]
    body = model.Group.get("dinsos").id
    with b.app.flask_app.test_request_context("/"):
        before = registry.actor_for(name).member_of
        capacities.set_capacity(body, model.User.get(name).id, "editor")
        model.Session.flush()
        after = registry.actor_for(name).member_of
        model.Session.rollback()
    return before == after


def untold(b: Bench) -> bool:
    mine = Notice.user_id == b.city.users["pengawas"]["id"]
    before = model.Session.scalar(sa.select(sa.func.count()).where(mine))
    b.city.join("dinsos", word(), "editor")
    return model.Session.scalar(sa.select(sa.func.count()).where(mine)) == before


def old_token(b: Bench) -> bool:
    headers = b.city.token("walidata")
    b.patch.setitem(tk.config, "ckanext.satudata_pontianak.second_factor", True)
    said = b.app.post("/api/3/action/satudata_session_list", json={}, headers=headers)
    return said.status_code == 200


def token_of_before(b: Bench) -> bool:
    """A shell sets another password; whoever had a token of the account has it still."""
    who = word()
    person, headers = b.city.person(who)["id"], b.city.token(who)
    user = model.User.get(person)
    assert user is not None
    user.password = "perahu-lampu-meja-hujan"
    model.Session.commit()
    said = b.app.post("/api/3/action/satudata_session_list", json={}, headers=headers)
    return said.status_code == 200


def session_of_before(b: Bench) -> bool:
    """A shell sets another password; whoever had logged in before is in still."""
    who = word()
    person = b.city.person(who)["id"]
    assert b.log_in(who)
    user = model.User.get(person)
    assert user is not None
    user.password = "perahu-lampu-meja-hujan"
    model.Session.commit()
    return b.client.get("/satudata/sesi", follow_redirects=False).status_code == 200


def follower_of_unseen(b: Bench) -> bool:
    """Core says of it whether they follow it."""
    draft = b.city.dataset(file=False)["id"]
    return b.takes("warga", "am_following_dataset", id=draft) or not b.said.startswith("NotFound")


# ------------------------------------------------------------------------------- what goes out


def readable_by_all(_b: Bench) -> bool:
    before = os.umask(0o022)
    try:
        own_files.close_to_others()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a"
            path.write_text("a")
            return bool(path.stat().st_mode & 0o007)
    finally:
        os.umask(before)


def formula(b: Bench) -> bool:
    b.city.publish(title="=1+cmd|'/C calc'!A0")
    body = b.get("/satudata/dip.csv").get_data().decode("utf-8-sig")
    return bool(re.search(r'(^|[;,\n"])=1\+cmd', body))


def odd_relationship(b: Bench) -> bool:
    """Core's model asserts that there is such a type."""
    one, other = b.city.dataset(file=False)["id"], b.city.dataset(file=False)["id"]
    given = {"subject": one, "object": other, "type": "tiada"}
    try:
        return b.takes("produsen", "package_relationship_delete", **given)
    except AssertionError:
        return True


def picture(b: Bench) -> bool:
    dataset = b.city.publish(notes=f"![peta {word()}](http://contoh.example/{word()}.png)")
    return "<img" in prose.rendered(dataset["notes"])


def mailbox_in_log(_b: Bench) -> bool:
    made = logging.getLogger("x").makeRecord("x", 20, "x", 1, "to budi@contoh.id", (), None)
    return "budi@" in made.getMessage()


def unrecorded(b: Bench) -> bool:
    dataset = b.city.publish()
    given = {"id": dataset["id"], "scope": "data", "reason": "Alasan yang panjang"}
    b.takes("warga", "satudata_hold_create", **given)
    query = sa.select(entry_table.c.id).where(
        entry_table.c.event == "refused", entry_table.c.dataset_id == dataset["id"]
    )
    return model.Session.scalar(query) is None


def kept_text(b: Bench) -> bool:
    """A caller's own text in the place of a step."""
    given = {"id": b.city.dataset(file=False)["id"], "transition": f"NIK {NIK} {word()}"}
    who = word()  # of one person the first of a minute is an entry
    b.city.join("dinkes", who, "editor")
    b.call(who, "satudata_classification_transition", **given)
    model.Session.rollback()
    text = entry_table.c.text.contains(given["transition"])
    return bool(model.Session.scalar(sa.select(sa.func.count()).where(text)))


def long_act(b: Bench) -> bool:
    """A job or a command, which brings no request."""
    return b.takes("admin", "group_create", name=word(), title="x" * 5000)


def deadlock(b: Bench) -> bool:
    """PostgreSQL says it itself, once; the call is not made again."""
    said: list[bool] = []
    real = type_gate.check_kept
    ends = "DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$"

    def once(*args: Any) -> None:
        if not said:
            said.append(True)
            model.Session.execute(sa.text(ends))
        real(*args)

    dataset = b.city.dataset(file=False)
    config = b.app.flask_app.config
    config["TESTING"] = config["PROPAGATE_EXCEPTIONS"] = False
    try:
        with b.patch.context() as patch:
            patch.setattr(type_gate, "check_kept", once)
            answer = b.call("produsen", "package_patch", id=dataset["id"], title="Lain")
    finally:
        config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = True, None
    return answer.status_code != 200
