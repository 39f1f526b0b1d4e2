"""Which bytes a file had, and since when: for open data, to everybody who reads of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import ANONYMOUS
from ...classification.records import reads
from ...classification.records.model import Decision, DecisionVersion, Pointer, Version
from ...classification.rules.axes import classification
from ...classification.rules.policy import Channel, decide

MOST = 50
"""Versions that are told of for one dataset, the newest first."""


@dataclass(frozen=True)
class Past:
    """A version that was published: when, how large (bytes), and its SHA-256."""

    since: dt.datetime
    size: int | None
    sha256: str | None
    current: bool


def published(dataset_id: str) -> dict[str, list[Past]]:
    """Return the versions of each file that were open, by resource, the newest first.

    Nothing where the data of the dataset are not everybody's now: who asks does not matter then.
    Of a version no decision called open, nothing is told even if the dataset was opened later.
    One query besides that of the policy.
    """
    facts = reads.facts_of(dataset_id)
    answer = decide(ANONYMOUS, facts, Channel.DATA)
    if not answer or "everyone" not in answer.readers or facts.decision is None:
        return {}
    levels = [name for name, level in classification().levels.items() if level.open]
    since = sa.func.min(Decision.decided_at).label("since")
    query = (
        sa.select(
            Version.id,
            Version.resource_id,
            Version.size,
            Version.sha256,
            since,
            sa.func.bool_or(Pointer.version_id.is_not(None)).label("current"),
        )
        .join(DecisionVersion, DecisionVersion.version_id == Version.id)
        .join(Decision, Decision.id == DecisionVersion.decision_id)
        .outerjoin(Pointer, Pointer.version_id == Version.id)
        .where(
            Version.package_id == dataset_id,
            Version.sealed.is_(False),
            Version.state.in_(("approved", "superseded")),
            Decision.tingkat_keamanan.in_(levels),
        )
        .group_by(Version.id)
        .order_by(since.desc(), Version.id)
        .limit(MOST)
    )
    found: dict[str, list[Past]] = {}
    for row in model.Session.execute(query):
        past = Past(row.since, row.size, row.sha256, bool(row.current))
        found.setdefault(row.resource_id, []).append(past)
    return found
