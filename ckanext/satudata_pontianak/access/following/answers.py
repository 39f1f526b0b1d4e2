"""What the actions on following answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict


class FollowTaken(TypedDict):
    """What became of it."""

    state: Annotated[str, "`following`, or `unconfirmed`: a link is on its way to the mailbox"]
    message: str


class Followed(TypedDict):
    """One thing that the caller follows."""

    id: str
    kind: Annotated[str, "`dataset`, `agency`, `topic`, `region` or `search`"]
    kind_label: str
    target: Annotated[str | None, "how it is named; `null`: the caller does not know of it now"]
    title: str | None
    since: str


class FollowList(TypedDict):
    """What the caller follows, newest first."""

    count: int
    results: list[Followed]


class FollowEnded(TypedDict):
    """What is not followed any more."""

    ended: Annotated[int, "how many"]


class NewsDataset(TypedDict):
    """To what it happened."""

    id: str
    name: str
    title: str
    type: str


class NewsAgency(TypedDict):
    """Whose it is."""

    name: str
    title: str


class NewsItem(TypedDict):
    """Something that happened to a dataset, as the caller may know it."""

    id: str
    kind: Annotated[str, "`published`, `version`, `decided`, `held`, `released` or `closed`"]
    kind_label: str
    at: str
    dataset: NewsDataset
    agency: NewsAgency | None


class NewsList(TypedDict):
    """News, newest first."""

    count: int
    results: list[NewsItem]
