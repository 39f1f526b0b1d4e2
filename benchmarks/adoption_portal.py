"""The old portal of ``benchmarks/adoption.py``: make it, and write down what everybody is answered.

``python benchmarks/adoption_portal.py make CKAN.INI STATE.JSON DATASETS ROWS`` fills a plain CKAN
through its own actions; the bytes of uploads are put where core's own uploader keeps them. ``...
see CKAN.INI STATE.JSON SEEN.JSON`` asks as anonymous, a citizen and an editor of the agency, over
HTTP, and keeps status and digest of each answer. ``... open CKAN.INI STATE.JSON COUNT`` has
Walidata approve the first clean datasets in one batch and prints their names.
"""

from __future__ import annotations

import sys

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)

import hashlib
import json
import random
import re
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.lib import search, uploader

PEOPLE = ("warga", "penyunting", "walidata", "operator")
EVERY = {"": 29, "warga": 190, "penyunting": 190}
"""Person → one dataset in so many is asked for one by one; the names they find are all compared."""


def table(r: random.Random, rows: int, with_nik: bool) -> bytes:
    """Return a made-up file; each is another one."""
    lines = ["kecamatan,penduduk,luas,nik" if with_nik else "kecamatan,penduduk,luas"]
    for _ in range(rows):
        line = f"Kecamatan {r.randint(1, 6)},{r.randint(1, 10**6)},{r.random():.4f}"
        if with_nik:
            line += f",617101{r.randint(1, 28):02}{r.randint(1, 12):02}90{r.randint(1, 9999):04}"
        lines.append(line)
    return "\n".join(lines).encode()


def act(who: str, action: str, **params: Any) -> Any:
    """Call an action as somebody, as any plugin would."""
    context: Any = {"user": who, "auth_user_obj": model.User.get(who), "ignore_auth": False}
    return tk.get_action(action)(context, params)


def people() -> dict[str, str]:
    """Make the people and two agencies; return name → token."""
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tokens = {}
    for name in PEOPLE:
        user = {"name": name, "email": f"{name}@contoh.example", "password": "not-a-secret-1"}
        act(site, "user_create", **user, sysadmin=name == "operator")
        tokens[name] = act(site, "api_token_create", user=name, name="benchmark")["token"]
    duty = [{"key": "sdi_role", "value": '["walidata"]'}]
    members = {"penyunting": "editor"}, {"walidata": "admin"}
    for agency, users, extras in (("dinas", members[0], []), ("diskominfo", members[1], duty)):
        # Who makes an agency is its admin: the operator, who adopts, must hold no duty.
        act(site, "organization_create", name=agency, title=agency.title(), extras=extras)
        for user, role in users.items():
            act("operator", "organization_member_create", id=agency, username=user, role=role)
    return tokens


def make(state: Path, number: int, rows: int) -> None:
    """Fill the portal.

    One in ten has a link as well, one in twenty is private, one in forty a draft, one in fifty
    holds made-up NIK, one in 500 lacks its file, one in ten has a follower and a view.
    """
    tk.config["ckan.search.solr_commit"] = False
    r = random.Random(20261124)
    tokens, datasets = people(), []
    for i in range(number):
        resources = [{"name": "Data", "url": f"data-{i}.csv", "url_type": "upload"}]
        if i % 10 == 9:
            resources.append({"name": "Tautan", "url": f"https://contoh.example/{i}.csv"})
        made = act(
            "operator",
            "package_create",
            name=f"dataset-{i:05}",
            title=f"Dataset {i}",
            notes="Dibuat untuk pengukuran.",
            owner_org="dinas",
            private=i % 20 == 19,
            state="draft" if i % 40 == 20 else "active",
            tags=[{"name": f"kata-{i % 7}"}],
            resources=resources,
        )
        resource = made["resources"][0]
        if i % 500 != 300:
            upload: Any = uploader.get_resource_uploader(dict(resource))
            path = Path(upload.get_path(resource["id"]))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(table(r, rows, i % 50 == 25))
        if i % 10 == 0 and made["state"] == "active" and not made["private"]:
            act("warga", "follow_dataset", id=made["id"])
            view = {"resource_id": resource["id"], "view_type": "text_view", "title": "Tampilan"}
            act("operator", "resource_view_create", **view)
        ids = [r["id"] for r in made["resources"]]
        open_to_all = made["state"] == "active" and not made["private"]
        datasets.append([made["name"], made["id"], ids[0], open_to_all])
        if i % 100 == 99:
            model.Session.expunge_all()
    search.commit()
    state.write_text(json.dumps({"tokens": tokens, "datasets": datasets}))


def answer(client: Any, token: str | None, path: str) -> list[Any]:
    """Return status and digest of one answer, without what is another one each time."""
    headers = {"Authorization": token} if token else {}
    try:
        got = client.get(path, headers=headers, follow_redirects=False)
    except FileNotFoundError:
        return [500, ""]  # a plain CKAN fails where the file of a resource is missing
    body = re.sub(rb'(csrf[^>]*=")[^"]*', rb"\1", got.get_data())
    body = re.sub(
        rb'(<script type="application/ld\+json">)(.*?)</script>', _ordered, body, flags=re.S
    )
    return [got.status_code, hashlib.sha256(body).hexdigest()]


def _ordered(found: re.Match[bytes]) -> bytes:
    """Put the nodes of linked data in order: the names of those without one are drawn by lot."""
    document = json.loads(re.sub(rb'"_:[^"]*"', b'"_:"', found[2]))
    nodes = sorted(json.dumps(node, sort_keys=True) for node in document.pop("@graph", []))
    return found[1] + json.dumps([document, nodes], sort_keys=True).encode()


def see(app: Any, state: Path, target: Path) -> None:
    """Ask for everything; write person → address → [status, digest], and the names they find."""
    known = json.loads(state.read_text())
    client, seen, names = app.test_client(), {}, {}
    for who in (None, "warga", "penyunting"):
        token, mine = known["tokens"].get(who), {}
        headers = {"Authorization": token} if token else {}
        found: list[str] = []
        for start in range(0, len(known["datasets"]) + 1, 1000):
            path = (
                "/api/3/action/package_search?rows=1000&sort=name+asc&include_private=true"
                f'&include_drafts=true&start={start}&facet.field=["tags","organization"]'
            )
            result = json.loads(client.get(path, headers=headers).get_data())["result"]
            found += [d["name"] for d in result["results"]]
            mine[path] = answer(client, token, path)
        names[who or ""] = found
        for number, (name, _, resource, public) in enumerate(known["datasets"]):
            closed_sample = not public and number // 20 % 25 == 0
            more = number % 180 == 0
            if number % EVERY[who or ""] and not closed_sample and not more:
                continue
            asked = [
                f"/api/3/action/package_show?id={name}",
                f"/dataset/{name}/resource/{resource}/download/data-{number}.csv",
            ]
            if more:
                asked += [
                    f"/api/3/action/dataset_follower_count?id={name}",
                    f"/api/3/action/resource_view_list?id={resource}",
                    f"/api/3/action/package_activity_list?id={name}",
                ]
                # Who has a desk sees on every page that cases lie on it.
                asked += [f"/dataset/{name}"] if who != "penyunting" else []
            mine.update({path: answer(client, token, path) for path in asked})
        seen[who or ""] = mine
    target.write_text(json.dumps({"seen": seen, "names": names}))


def approve(state: Path, number: int) -> None:
    """Approve so many of Walidata's clean cases as open, in one act; print their names."""
    from ckanext.satudata_pontianak.classification.cases import evidence
    from ckanext.satudata_pontianak.classification.records import case_reads, reads

    items, names = [], []
    for name, ident, _, public in json.loads(state.read_text())["datasets"]:
        if not public or len(items) == number:
            continue
        package, case = model.Package.get(name), reads.open_case(ident)
        assert package is not None
        if case is None:
            continue
        loaded = case_reads.load(case, package)
        context = evidence.context_of(loaded, evidence.snapshot(loaded))
        if all(scan.passes for scan in context.scans):
            items.append({"id": name, "evidence": context.digest})
            names.append(name)
    model.Session.rollback()
    done = act("walidata", "satudata_classification_batch", items=items, transition="approve")
    assert not done["refused"], [r for r in done["results"] if not r["done"]][:3]
    print(json.dumps(names))


def main() -> None:
    """Do what the first word says."""
    what, ini, state, *rest = sys.argv[1:]
    flask: Any = make_app(load_config(ini))._wsgi_app
    with flask.test_request_context():
        if what == "make":
            make(Path(state), int(rest[0]), int(rest[1]))
        elif what == "open":
            approve(Path(state), int(rest[0]))
    if what == "see":
        see(flask, Path(state), Path(rest[0]))
    model.Session.remove()


if __name__ == "__main__":
    main()
