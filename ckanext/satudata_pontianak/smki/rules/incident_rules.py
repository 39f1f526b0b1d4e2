"""Reads ``smki/incidents.yaml``: kinds of incidents, who concludes each, clocks, notices. Pure."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...classification.incidents.definition import CLOCKS, VITAL, ClockName, incident_rules
from ...surface.yaml_source import Bases, Positive, Source, Text
from .definition import smki

PERSONAL: ClockName = "personal_data"
TEXTS = ("what", "measure", "exposed", "cause", "lessons")


class Severity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How grave an incident is."""

    label: Text
    to_sector: bool = False


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of incident: who concludes it, and the clocks that it has by itself."""

    label: Text
    concluded_by: str
    clocks: tuple[ClockName, ...] = ()


class Notified(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a notice goes to, when one is due, and how its draft begins."""

    label: Text
    when: Literal["personal", "sector", "decided"]
    title: Text
    opening: Text
    basis: Bases


class IncidentText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that is written of an incident."""

    label: Text
    help: str = ""


class SecurityIncidents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    seen_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    warn_before_hours: Positive
    severities: Annotated[dict[str, Severity], msgspec.Meta(min_length=1)]
    kinds: Annotated[dict[str, Kind], msgspec.Meta(min_length=1)]
    notices: dict[str, Notified]
    texts: dict[str, IncidentText]

    @classmethod
    def of(cls, source: Source) -> SecurityIncidents:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        roles = smki().roles.roles
        source.known("role", file.seen_by, roles, "seen_by")
        source.exactly("text", TEXTS, file.texts, "texts")
        for name, kind in file.kinds.items():
            source.known("role", [kind.concluded_by], file.seen_by, "kinds", name, "concluded_by")
            source.known("clock", kind.clocks, CLOCKS, "kinds", name, "clocks")
        return file

    def due(
        self, kind: str, known_at: dt.datetime, *, personal: bool, vital: bool
    ) -> dt.datetime | None:
        """Return the earliest deadline in hours of the wall, ``None`` where the law sets none.

        :raises KeyError: there is no such kind.
        """
        names = {*self.kinds[kind].clocks, *([PERSONAL] if personal else [])}
        names |= {VITAL} if vital else set()
        hours = [incident_rules().clocks[name].hours for name in names]
        return known_at + dt.timedelta(hours=min(hours)) if hours else None

    def notices_due(self, severity: str, *, personal: bool, vital: bool) -> list[str]:
        """Return whom the law has told: each needs a day, or a reason why not."""
        told = {
            "personal": personal,
            "sector": vital or self.severities[severity].to_sector,
            "decided": False,
        }
        return [name for name, notice in self.notices.items() if told[notice.when]]


@lru_cache(maxsize=1)
def security_incidents() -> SecurityIncidents:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return SecurityIncidents.of(Source.read(paths.schemas() / "smki" / "incidents.yaml"))
