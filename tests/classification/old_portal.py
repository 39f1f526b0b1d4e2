"""A portal as it was before us, for the tests of taking it over."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from ckan import model
from ckan.lib import search, uploader

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification import jobs, startup
from ckanext.satudata_pontianak.classification.records import reads, ungoverned_index
from ckanext.satudata_pontianak.classification.records.model import Case, Scan, Step, Version
from ckanext.satudata_pontianak.ledger.service import entry_table

READERS = (None, "warga", "staf", "produsen", "walidata")
SEARCH = "/api/3/action/package_search?rows=50&include_private=true"
NIKS = b"catatan,nik\nContoh,6171012101900001\nContoh Dua,6171020202850002\n"


def content(number: int) -> bytes:
    """Return a file of its own for each dataset."""
    return f"kecamatan,penduduk\nPontianak Kota,{145200 + number}\n".encode()


@dataclass
class Portal:
    """A portal as it was before us: plain CKAN, with what people did there."""

    city: Any
    app: Any
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, *files: bytes, links: int = 0, **values: Any) -> None:
        """Create a dataset by core's own actions, its files by core's own uploader."""
        addresses = [{"url": f"https://contoh.id/{name}/{n}.csv"} for n in range(links)]
        fields = {"title": name.title(), "owner_org": "dinkes", "private": False, **values}
        act = self.city.act
        made = act("produsen", "package_create", name=name, resources=addresses, **fields)
        for number, data in enumerate(files):
            file = FileStorage(io.BytesIO(data), filename=f"{name}-{number}.csv")
            act("produsen", "resource_create", package_id=made["id"], name="Data", upload=file)
        self.datasets[name] = act("admin", "package_show", id=made["id"])

    def path_of(self, name: str) -> Path:
        """Return where core keeps the first file of a dataset."""
        resource = self.datasets[name]["resources"][0]
        return Path(uploader.get_resource_uploader(dict(resource)).get_path(resource["id"]))

    def get(self, who: str | None, path: str) -> tuple[int, bytes]:
        """Return status and bytes of an answer."""
        # A reader without cookies: who has one is answered by a page made for them.
        answer = self.app.test_client().get(
            path, headers=self.city.token(who), follow_redirects=False
        )
        # The token against forged forms is another one in every answer.
        return answer.status_code, re.sub(rb'(csrf[^>]*=")[^"]*', rb"\1", answer.get_data())

    def download(self, who: str | None, name: str, number: int = 0) -> tuple[int, bytes]:
        """Download a resource by the address that it always had."""
        return self.get(who, self.datasets[name]["resources"][number]["url"].partition(".net")[2])

    def seen(self) -> dict[Any, Any]:
        """Return everything that everybody is answered."""
        answers = {}
        for who in READERS:
            for path in (
                "/api/3/action/package_list",
                SEARCH + '&include_drafts=true&facet.field=["organization","tags"]',
                "/api/3/action/resource_search?query=name:Data&order_by=created",
                "/api/3/action/organization_list?all_fields=true",
            ):
                answers[who, path] = self.get(who, path)
            if who not in ("produsen", "walidata"):
                # Who has a desk sees on every page that cases lie on it.
                answers[who, "page"] = self.get(who, "/dataset/")
            for name, dataset in self.datasets.items():
                path = f"/api/3/action/package_show?id={name}"
                answers[who, path] = self.get(who, path)
                for number, resource in enumerate(dataset["resources"]):
                    if resource["url_type"] == "upload" and name != "hilang":
                        status, data = self.download(who, name, number)
                        answers[who, name, number] = (status, data if status == 200 else b"")
        return answers

    def names(self, who: str | None) -> set[str]:
        """Return what somebody finds."""
        _, body = self.get(who, SEARCH)
        return {d["name"] for d in json.loads(body)["result"]["results"]}


@pytest.fixture
def portal(city, app) -> Iterator[Portal]:
    """Twelve datasets, a follower, a view and activities; nothing is left for other tests."""
    made = Portal(city, app)
    # The activity stream of core's pages needs the row that every user has.
    model.Session.add_all(model.Dashboard(u["id"]) for u in city.users.values())
    model.Session.commit()
    for number in range(5):
        made.add(f"terbuka-{number}", content(number), tags=[{"name": "kota"}])
    made.add("berpenduduk", NIKS)
    made.add("tautan", links=2)
    made.add("campuran", content(20), links=1)
    made.add("kosong")
    made.add("hilang", content(30))
    made.add("tertutup", content(40), private=True)
    made.add("konsep", content(50), state="draft")
    made.path_of("hilang").unlink()
    first = made.datasets["terbuka-0"]
    # As it was followed before the plugin was there, which lets nobody follow in CKAN's way.
    city.act_with({"ignore_auth": True}, "warga", "follow_dataset", {"id": first["id"]})
    city.act(
        "produsen",
        "resource_view_create",
        resource_id=first["resources"][0]["id"],
        view_type="text_view",
        title="Tampilan",
    )
    search.rebuild()
    yield made
    city.restore()


def actor(city) -> Any:
    """Return who adopts: the operator, who has no duty."""
    return registry.actor_for(city.admin["name"])


def rows() -> dict[str, int]:
    """Return how many rows stand in the tables that a run may write."""
    tables = (Case.__table__, Version.__table__, Scan.__table__, Step.__table__, entry_table)
    return {
        t.name: model.Session.execute(sa.select(sa.func.count()).select_from(t)).scalar_one()
        for t in tables
    }


def package(name: str) -> model.Package:
    """Return a dataset's row."""
    found = model.Package.get(name)
    assert found is not None
    return found


def case_of(name: str) -> Case:
    """Return the open case of a dataset."""
    case = reads.open_case(package(name).id)
    assert case is not None
    return case


def govern() -> None:
    """Do what a restart with the option set does, and the worker after it."""
    startup.apply_governed_types()
    assert ungoverned_index.refresh_stale() == len(ungoverned_index.stale_ids())
    jobs.reindex(ungoverned_index.stale_ids())
    assert ungoverned_index.refresh_stale() == 0
