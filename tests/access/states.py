"""The states that a dataset can be in, each built through the public actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Decision

from ..city import AXES_LIMITED

if TYPE_CHECKING:
    from .world import World

SECRET = {**AXES_LIMITED, "tingkat_keamanan": "rahasia"}
TOP_SECRET = {**AXES_LIMITED, "tingkat_keamanan": "sangat_rahasia"}


def _draft(world: World, state: str) -> Any:
    return world.create(state)


def _verification(world: World, state: str) -> Any:
    return world.to_walidata(state)


def _consequence_test(world: World, state: str) -> Any:
    return world.to_ppid(state, **AXES_LIMITED)


def _approval(world: World, state: str) -> Any:
    world.to_ppid(state, **AXES_LIMITED)
    world.step(state, "ppid", "assess", **world.city.assess_fields())


def _withdrawn(world: World, state: str) -> Any:
    world.create(state)
    world.step(state, "produsen", "withdraw")


def _open(world: World, state: str) -> Any:
    world.publish(state)


def _limited(world: World, state: str) -> Any:
    world.limit(state)


def _limited_all(world: World, state: str) -> Any:
    world.limit(state, ("semua_perangkat_daerah",))


def _secret(world: World, state: str) -> Any:
    world.to_ppid(state, file=False, **SECRET)
    world.close(state)


def _top_secret(world: World, state: str) -> Any:
    world.to_ppid(state, file=False, **TOP_SECRET)
    world.close(state)


def _open_waiting(world: World, state: str) -> Any:
    world.publish(state)
    world.add_file(state, world.nest.datasets[state], "baru", world.resource_of(state))
    world.add_file(state, world.nest.datasets[state], "tambah")


def _limited_waiting(world: World, state: str) -> Any:
    world.limit(state)
    world.add_file(state, world.nest.datasets[state], "baru", world.resource_of(state))
    world.step(state, "produsen", "submit")


def _held_data(world: World, state: str) -> Any:
    world.publish(state)
    world.hold(state, "data")


def _held_all(world: World, state: str) -> Any:
    world.publish(state)
    world.hold(state, "all")


def _sealed(world: World, state: str) -> Any:
    world.publish(state)
    world.reclassify(state, SECRET, ())


def _tightened(world: World, state: str) -> Any:
    world.publish(state)
    world.reclassify(state, AXES_LIMITED, ("disdukcapil",))


def _expired(world: World, state: str) -> Any:
    world.limit(state)
    yesterday = days.today() - dt.timedelta(days=1)
    model.Session.execute(
        sa.update(Decision)
        .where(Decision.package_id == world.nest.datasets[state])
        .values(akhir=yesterday)
    )
    model.Session.commit()


def _reopened(world: World, state: str) -> Any:
    world.publish(state)
    world.step(state, "ppid", "reopen", reason=world.word(state, "catatan"))


def _removed(world: World, state: str) -> Any:
    world.publish(state)
    world.step(
        state,
        "produsen",
        "reopen",
        case_kind="remove",
        reason="Tidak berlaku lagi",
        removes="dataset",
    )
    world.step(state, "produsen", "submit")
    world.step(state, "walidata", "approve")


def _deleted(world: World, state: str) -> Any:
    world.create(state)
    world.city.act("produsen", "package_delete", id=world.nest.datasets[state])


def _granted(world: World, state: str) -> Any:
    """A citizen asked for limited data, and PPID gives them for some days."""
    world.limit(state)
    asked = world.city.act(
        "warga",
        "satudata_access_request_create",
        id=world.nest.datasets[state],
        purpose="Menulis skripsi tentang layanan kesehatan kota",
        until=(days.today() + dt.timedelta(days=20)).isoformat(),
    )
    return world.city.act(
        "ppid",
        "satudata_access_request_decide",
        request=asked["id"],
        grant=True,
        reason="Untuk penelitian, tanpa data pribadi",
    )["grant"]


def _grant_ended(world: World, state: str) -> Any:
    grant = _granted(world, state)
    world.city.act(
        "ppid", "satudata_access_grant_revoke", grant=grant["id"], reason="Tujuan sudah tercapai"
    )


STATES: dict[str, Callable[[World, str], Any]] = {
    "draft": _draft,
    "verification": _verification,
    "consequence_test": _consequence_test,
    "approval": _approval,
    "withdrawn": _withdrawn,
    "open": _open,
    "limited": _limited,
    "limited_all_agencies": _limited_all,
    "secret": _secret,
    "top_secret": _top_secret,
    "open_with_waiting": _open_waiting,
    "limited_with_waiting": _limited_waiting,
    "held_data": _held_data,
    "held_all": _held_all,
    "sealed": _sealed,
    "tightened": _tightened,
    "expired": _expired,
    "reopened": _reopened,
    "removed": _removed,
    "deleted_draft": _deleted,
    "granted": _granted,
    "grant_ended": _grant_ended,
}
