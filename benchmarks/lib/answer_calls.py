"""The calls whose answers are compared: 500, made of what an earlier portal's demo holds.

Reading actions of CKAN and of ours with parameters, right and wrong ones, and pages for programs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import requests
import yaml

COUNT = 500
PEOPLE = (
    None, "produsen_dinkes", "produsen_disdukcapil", "walidata", "ppid", "penetap", "pengawas",
    "admin",
)  # fmt: skip
"""A visitor, an editor, one of another agency, who checks, decides, watches and runs the site."""
ASKED = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))


class World(NamedTuple):
    """What the earlier demo holds: names, and the files and versions of its datasets."""

    names: list[str]
    files: dict[str, list[str]]
    versions: dict[str, str]
    hashes: dict[str, str]


class Site:
    """A portal, asked as its people."""

    def __init__(self, address: str, tokens: dict[str, str]) -> None:
        """Ask at this address with these tokens."""
        self.address, self.tokens, self.session = address, tokens, requests.Session()

    def ask(self, path: str, person: str | None, sent: Any = None) -> requests.Response:
        """Ask for a path, as a person; ``sent`` makes it a POST."""
        headers = {"Accept": "application/json, text/csv, */*"}  # a program: refusals are problems
        if person:
            headers["Authorization"] = self.tokens[person]
        how = "GET" if sent is None else "POST"
        answer = self.session.request(
            how, self.address + path, headers=headers, json=sent, timeout=180, allow_redirects=False
        )
        self.session.cookies.clear()
        return answer

    def act(self, action: str, person: str | None, sent: Any = None) -> Any:
        """Call an action; return its result, or ``None`` where it is refused."""
        return self.ask(f"/api/3/action/{action}", person, sent).json().get("result")


def filled(site: Site) -> None:
    """Give the demo what it lacks: a group, requests, a grant, an incident, a proposal."""
    site.act("group_create", "admin", {"name": "statistik", "title": "Statistik"})
    first, package = "kasus-tuberkulosis-menurut-kelurahan", "harga-perkiraan-pengadaan-obat"
    until = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)).isoformat()
    for name in (first, package):
        asked = {"id": name, "purpose": "Penelitian tentang kesehatan di kota", "until": until}
        made = site.act("satudata_access_request_create", "warga", asked)
        if made:
            said = {
                "request": made["id"],
                "grant": name == package,
                "reason": "Tujuannya jelas sekali",
            }
            site.act("satudata_access_request_decide", "ppid", said)
    begun = {"id": "tingkat-inflasi", "reason": "Ada laporan warga", "known_at": "2026-11-30T09:00"}
    site.act("satudata_incident_begin", "walidata", begun)
    given = {"organization": "dinas-kesehatan", "user": "warga", "role": "member"}
    site.act("satudata_membership_propose", "admin", given)
    site.act("follow_dataset", "walidata", {"id": "tingkat-inflasi"})
    member = {
        "id": "statistik",
        "object": "tingkat-inflasi",
        "object_type": "package",
        "capacity": "public",
    }
    site.act("member_create", "admin", member)


def world(site: Site) -> World:
    """Look at what there is, as those who see the most."""
    names, files, versions, hashes = (
        set[str](),
        dict[str, list[str]](),
        dict[str, str](),
        dict[str, str](),
    )
    for person in PEOPLE:
        names |= {one["name"] for one in _found(site, person)}
    for name in sorted(names):
        for person in ("produsen_dinkes", "produsen_disdukcapil", "walidata"):
            shown = site.act(f"package_show?id={name}", person)
            for one in (shown or {}).get("resources", ()):
                files.setdefault(name, [])
                if one["id"] not in files[name]:
                    files[name].append(one["id"])
                if one.get("hash"):
                    hashes[name] = one["hash"]
        for scan in (site.act(f"satudata_classification_show?id={name}", "walidata") or {}).get(
            "scans", ()
        ):
            versions.setdefault(name, scan["version"])
    return World(sorted(names), files, versions, hashes)


def _found(site: Site, person: str | None) -> list[dict[str, Any]]:
    wanted = {"rows": 500, "fl": "name", "include_private": True, "include_drafts": True}
    return (site.act("package_search", person, wanted) or {}).get("results", [])


def calls(of: World) -> list[str]:
    """Return the addresses that are asked for, each once."""
    every = list(dict.fromkeys(_calls(of)))
    if len(every) < COUNT:
        raise SystemExit(f"The demo gives only {len(every)} calls.")
    return every[:COUNT]


def _calls(of: World) -> Iterator[str]:
    yield from ASKED["pages"]
    yield from (f"/api/3/action/{one}" for one in ASKED["actions"])
    for action, ways in (
        ("satudata_classification_list", "lists"), ("satudata_information_register", "registers"),
        ("satudata_search_suggest", "suggestions"),
    ):  # fmt: skip
        yield from (f"/api/3/action/{action}?{way}" for way in ASKED[ways])
    searches: list[dict[str, Any]] = [{"q": word} for word in ASKED["words"]]
    searches += [{"fq": one, "rows": 5} for one in ASKED["filters"]] + [
        {"sort": one, "rows": 8} for one in ASKED["sorts"]
    ]
    searches += [{"facet.field": one, "rows": 0} for one in ASKED["facets"]] + ASKED["more"]
    yield from (f"/api/3/action/package_search?{urlencode(one)}" for one in searches)
    some = [*_chosen(of), "tidak-ada"]
    for name, action in product(
        some, ("package_show", "satudata_classification_show", "satudata_scan_show")
    ):
        yield f"/api/3/action/{action}?id={name}"
    for name, channel in product(some, ("exists", "metadata", "data")):
        yield f"/api/3/action/satudata_access_explain?id={name}&channel={channel}"
    for name in some:
        yield f"/dataset/{name}.ttl"
        file = of.files.get(name, ["tidak-ada"])[0]
        yield f"/api/3/action/resource_show?id={file}"
        yield f"/api/3/action/datastore_search?resource_id={file}&limit=3"
        yield f"/datastore/dump/{file}?limit=20"
        yield f"/dataset/{name}/resource/{file}/lembar.csv"
        yield f"/api/3/action/satudata_receipt_show?sha256={of.hashes.get(name, '1' * 64)}"
        version = of.versions.get(name, "tidak-ada")
        yield f"/api/3/action/satudata_mask_suggest?id={name}&version={version}"
    for name in ("dinas-kesehatan", "ppid", "tidak-ada", "bappeda"):
        yield f"/api/3/action/organization_show?id={name}"
        yield f"/api/3/action/organization_show?id={name}&include_datasets=true&include_users=true"
        yield f"/api/3/action/organization_activity_list?id={name}&limit=5"
    table = of.files["tingkat-inflasi"][0]
    yield from (
        f"/api/3/action/datastore_search?resource_id={table}&{way}" for way in ASKED["tables"]
    )
    for ending in ("?format=tsv", "?format=json", "?format=xml", "?bom=true", "?format=x"):
        yield f"/datastore/dump/{table}{ending}"
    yield from (f"/dataset/tingkat-inflasi.{ending}" for ending in ("jsonld", "xml", "rdf", "n3"))
    yield f"/dataset/tingkat-inflasi/resource/{table}/download/x.csv"
    for action in ("datastore_info", "resource_view_list", "resource_show?include_tracking=true"):
        yield f"/api/3/action/{action}{'&' if '?' in action else '?'}id={table}"
    for name in of.names:
        yield f"/api/3/action/package_activity_list?id={name}&limit=5"
        yield f"/api/3/action/dcat_dataset_show?id={name}&format=ttl"
        yield f"/api/3/action/package_show?id={name}"
        yield f"/api/3/action/satudata_access_explain?id={name}&channel=data"
        yield f"/dataset/{name}.jsonld"
        yield f"/api/3/action/dataset_follower_count?id={name}"


def _chosen(of: World) -> list[str]:
    return [name for name in ASKED["datasets"] if name in of.names]
