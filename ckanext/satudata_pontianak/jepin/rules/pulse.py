"""Reads ``schemas/jepin/pulse.yaml`` and ``words.yaml``: what is asked, and what counts. Pure."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from ... import days, paths
from ...smki.rules.definition import smki
from ...surface.yaml_source import Positive, Source, Text
from .pages import plain

Hour = Annotated[int, msgspec.Meta(ge=0, le=23)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
Hosts = tuple[Text, ...]
CODES = (
    "no_name no_answer no_resolver error_status missing redirect_loop off_domain tls_expired "
    "tls_wrong_name tls_untrusted tls_broken parked defaced odd_status tls_near tls_soon slow huge "
    "stale marker_gone store_old not_from_here"
).split()
"""What ``verdict.py`` can say."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is asked at once, and of whom."""

    redirects: Positive
    page_kb: Positive
    at_once: Positive
    at_once_at_an_address: Positive
    seconds_between_requests: Positive
    slow_percent: Percent


class Alarm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When failures are an alarm, and when it is over."""

    confirm_minutes: Positive
    forget_minutes: Positive
    steady_minutes: Positive
    again_hours: Positive


class Quiet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of the city's clock in which nobody is told."""

    first: Hour = msgspec.field(name="from")
    until: Hour

    def at(self, moment: dt.datetime) -> bool:
        """Tell whether nobody is told at this moment; equal hours mean always somebody is."""
        hour = moment.astimezone(days.CITY).hour
        if self.first <= self.until:
            return self.first <= hour < self.until
        return hour >= self.first or hour < self.until


class Ours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when on our own line is at fault."""

    apps: Positive
    percent: Percent


class TlsDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many days before its end a certificate is told of."""

    soon: Positive
    near: Positive


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long checks and daily totals are kept, and how many days are shown."""

    checks_days: Positive
    totals_days: Positive
    shown_days: Positive


class FaultKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a check can find."""

    label: Text
    grade: Literal["red", "amber", "none"]
    hides_link: Literal["no", "seen", "alarm"] = "no"


class Pulse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``pulse.yaml``."""

    version: Text
    every_minutes: Positive
    content_every_hours: Positive
    robot_every_hours: Positive
    robot_agent: Text
    domains: Hosts
    log_in_at: Hosts
    ports: tuple[Positive, ...]
    limits: Limits
    alarm: Alarm
    quiet: Quiet
    ours: Ours
    due_working_days: Positive
    most_maintenance_hours: Positive
    tls_days: TlsDays
    stale_days: Positive
    store_days: Positive
    kept: Kept
    seen_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    faults: dict[str, FaultKind]

    @classmethod
    def of(cls, source: Source) -> Pulse:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        source.known("role", file.seen_by, smki().roles.roles, "seen_by")
        source.exactly("fault", CODES, file.faults, "faults")
        apart = file.alarm.confirm_minutes < file.alarm.forget_minutes
        source.require("'forget_minutes' is to be longer than 'confirm_minutes'", apart, "alarm")
        shown = file.kept.shown_days <= file.kept.totals_days
        source.require("'totals_days' is to be as long as 'shown_days'", shown, "kept")
        nearer = file.tls_days.near < file.tls_days.soon
        source.require("'near' is to be shorter than 'soon'", nearer, "tls_days")
        return file

    def red(self, codes: tuple[str, ...] | list[str]) -> list[str]:
        """Return those of some codes by which an app fails."""
        return [code for code in codes if self.faults[code].grade == "red"]

    def hides_link(self, codes: tuple[str, ...] | list[str]) -> bool:
        """Tell whether an address is no link any more from the first time on."""
        return any(self.faults[code].hides_link == "seen" for code in codes)

    def alarm_hides_link(self, codes: tuple[str, ...] | list[str]) -> bool:
        """Tell whether an address is no link any more once there is an alarm."""
        return any(self.faults[code].hides_link != "no" for code in codes)

    def in_domain(self, host: str) -> bool:
        """Tell whether a host is the city's own."""
        return any(host == each or host.endswith(f".{each}") for each in self.domains)


class WordList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words, so many of which make a fault; ``in_title``: only in a title or heading."""

    fault: Literal["defaced", "parked"]
    needs: Positive
    words: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    in_title: bool = False


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``words.yaml``."""

    version: Text
    lists: dict[str, WordList]

    @classmethod
    def of(cls, source: Source) -> Words:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        for name, each in file.lists.items():
            once = len({plain(word) for word in each.words}) == len(each.words)
            source.require("a word stands twice", once, "lists", name, "words")
            source.require("'needs' is more than there are", each.needs <= len(each.words))
        return file


def read(folder: Path) -> tuple[Pulse, Words]:
    """Read the files of a folder.

    :raises DefinitionError: naming file, line and reason.
    """
    pulse_file = Pulse.of(Source.read(folder / "pulse.yaml"))
    return pulse_file, Words.of(Source.read(folder / "words.yaml"))


@lru_cache(maxsize=1)
def _both() -> tuple[Pulse, Words]:
    return read(paths.schemas() / "jepin")


def pulse() -> Pulse:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return _both()[0]


def words() -> Words:
    """Return the lists of words in force.

    :raises DefinitionError: naming file, line and reason.
    """
    return _both()[1]
