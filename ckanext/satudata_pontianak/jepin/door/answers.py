"""What the actions of the door answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded


class AppNamed(TypedDict):
    """An app or agency by its name."""

    name: str
    title: str


class AppListed(TypedDict):
    """An app as the door shows it: nothing says why it stands as it does."""

    id: str
    name: str
    title: str
    short: Annotated[str, "its short name"]
    about: Annotated[str, "what it is for"]
    agency: Annotated[AppNamed | None, "which answers for it"]
    topic: Annotated[str, "code of the government affair"]
    topic_label: str
    category: str
    category_label: str
    word: Annotated[str | None, "`open`, `disturbed`, `maintenance`, `closed`; `null`: not known"]
    word_label: str
    since: Annotated[str | None, "the day since when it is so"]
    url: Annotated[str | None, "where it opens; `null` where it must not be a link"]
    play_store: str | None
    app_store: str | None
    help: Annotated[str, "where people get help"]
    hours: Annotated[str, "hours of the service"]
    reason: Annotated[str, "why it was closed"]
    successor: Annotated[AppNamed | None, "what replaces it, if the reader may know of it"]
    page: Annotated[str, "its page on this portal"]
    report: Annotated[str, "where anybody reports that it cannot be opened"]


class AppList(TypedDict):
    """The apps behind Jepin of which the caller may know."""

    dated: Annotated[str, "when this was so"]
    count: int
    results: list[AppListed]


class AppLackTold(TypedDict):
    """Something that an app lacks."""

    lack: Annotated[str, "`owner`, `pulse` or `sop`"]
    label: str
    since: str
    before_forum: Annotated[str, "the day from which it stands before the Forum"]
    listed: Annotated[bool, "it stands before the Forum now"]
    answer: Annotated[str | None, "what the owner says"]


class AppBeforeForum(AppNamed):
    """An app that lacks something, and what switching it off would touch."""

    agency: Annotated[AppNamed | None, "which answers for it"]
    word: str | None
    word_label: str
    lacks: list[AppLackTold]
    answers: Annotated[bool, "the caller answers for it"]
    takes: Annotated[list[AppNamed], "datasets it takes, of which the caller may know"]
    gives: Annotated[list[AppNamed], "datasets it gives, of which the caller may know"]
    parts: Annotated[list[AppNamed], "apps that belong to it, of which the caller may know"]
    reports: Annotated[int, "reports of citizens that wait for an answer"]
    successor: AppNamed | None


class AppsBeforeForum(TypedDict):
    """Apps that lack something, what is lacking longest first."""

    count: int
    results: list[AppBeforeForum]


class AppLackAnswered(Recorded):
    """An answer that was recorded."""

    name: str
    lack: str
    answer: str
