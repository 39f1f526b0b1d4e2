"""How long bytes are kept: undecided ones some days, sealed ones until the owner lets them go.

The rows stay in any case: who brought what, when, with which hash, is evidence.
Source: design sections 1 and 2; UU 27/2022 article 43 (erasure of what is not needed any more).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...messages import Message
from ...msgids import N_
from ..grants.request_definition import request_rules
from ..holds import holds
from ..incidents.definition import OPEN
from ..records import reads
from ..records.incident_model import Incident
from ..records.model import DecisionVersion, Version, now
from ..records.request_model import AccessRequest
from ..rules.axes import classification
from ..rules.policy import Facts
from ..rules.refusals import InvalidFields, NotAllowed, Refused, check_reason
from ..versions import storage

GONE = "purged"


def purge_undecided(today: dt.date | None = None) -> int:
    """Purge the bytes of withdrawn and superseded versions that no decision covers.

    Each version is a transaction of its own; a run that was stopped goes on the next time.

    :returns: how many versions lost their bytes.
    """
    moment = now() if today is None else dt.datetime.combine(today, dt.time(), dt.UTC)
    ids = undecided(moment)
    for version_id in ids:
        version = model.Session.get(Version, version_id, with_for_update=True)
        if version is not None and version.state in ("withdrawn", "superseded"):
            purge([version], Actor(None, None), "undecided")
        model.Session.commit()
    return len(ids)


def undecided(moment: dt.datetime) -> list[str]:
    """Return the versions that no decision covers and that are kept for longer than they may be."""
    limit = moment - dt.timedelta(days=classification().retention.undecided_days)
    decided = sa.select(DecisionVersion.version_id)
    query = sa.select(Version.id).where(
        Version.state.in_(("withdrawn", "superseded")),
        Version.created < limit,
        Version.id.not_in(decided),
    )
    return list(model.Session.scalars(query.order_by(Version.created)))


def purge_sealed(package: model.Package, actor: Actor, facts: Facts, reason: str) -> Any:
    """Purge a dataset's sealed bytes in the caller's transaction; return the ledger's receipt.

    :param reason: where the other copy is kept.
    :raises NotAllowed: the person may not confirm it.
    :raises InvalidFields: the reason is too short.
    :raises Refused: nothing is sealed, or something about the dataset is still being judged.
    """
    if not holds.may(actor, facts, classification().retention.sealed_confirmed_by):
        raise NotAllowed(
            "not_holder",
            Message(N_("The owner agency's admins confirm that they have another copy. Ask them.")),
        )
    errors = check_reason(reason)
    if errors:
        raise InvalidFields(errors)
    query = sa.select(Version).where(Version.package_id == package.id, Version.state == "sealed")
    sealed = list(model.Session.scalars(query.with_for_update()))
    if not sealed:
        raise Refused("nothing_sealed", Message(N_("No sealed file is kept of this dataset.")))
    if is_disputed(package.id):
        raise Refused(
            "disputed",
            Message(
                N_(
                    "A case, a hold, an incident or a request about this dataset is open. The "
                    "sealed files stay until it has ended."
                )
            ),
        )
    return purge(sealed, actor, reason.strip())


def is_disputed(package_id: str) -> bool:
    """Tell whether something about the dataset is still being judged."""
    return bool(disputes(package_id))


def disputes(package_id: str) -> frozenset[str]:
    """Return what of the dataset is still being judged: ``case hold request incident``."""
    asked = sa.select(AccessRequest.id).where(
        AccessRequest.package_id == package_id,
        AccessRequest.state.not_in(request_rules().end_states),
    )
    incident = sa.select(Incident.id).where(
        Incident.package_id == package_id, Incident.state == OPEN
    )
    found = {
        "case": reads.open_case(package_id) is not None,
        "hold": bool(reads.active_holds(package_id)),
        "request": model.Session.scalar(asked.limit(1)) is not None,
        "incident": model.Session.scalar(incident.limit(1)) is not None,
    }
    return frozenset(name for name, there in found.items() if there)


def purge(versions: Sequence[Version], actor: Actor, reason: str) -> Any:
    """Remove the bytes of versions of one dataset; the caller commits.

    Bytes that another version needs stay. What failed is done again safely.

    :returns: the receipt.
    """
    for version in versions:
        version.state = GONE
    model.Session.flush()
    receipt = ledger.append(
        model.Session,
        event="version.purge",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=versions[0].package_id,
        detail={"versions": [[v.id, v.sha256] for v in versions], "reason": reason},
    )
    # Last: if this fails, nothing of the above is kept, and it is tried again.
    for sha256 in unused(v.sha256 for v in versions):
        storage.remove(sha256)
    return receipt


def unused(hashes: Iterable[str | None]) -> list[str]:
    """Return the hashes whose bytes no version, of whatever dataset, still needs."""
    wanted = {h for h in hashes if h}
    needed = sa.select(Version.sha256).where(Version.sha256.in_(wanted), Version.state != GONE)
    return sorted(wanted - set(model.Session.scalars(needed)))
