"""What the actions on points of infrastructure answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict


class PointColumn(TypedDict):
    """A column of a profile."""

    name: str
    label: str
    help: str
    kind: Annotated[
        str,
        "`code`, `text`, `number`, `whole`, `day`, `moment`, `choice`, `north`, `east`, `village` or `telephone`",  # noqa: E501
    ]
    required: bool
    unit: str
    least: Annotated[str | None, "lower bound of a number"]
    most: Annotated[str | None, "upper bound of a number"]
    longest: Annotated[int, "characters at most"]
    choices: Annotated[dict[str, str], "value → label"]
    public: Annotated[bool, "`false`: it may not be filled in a table that is open"]


class PointLaw(TypedDict):
    """A law behind a profile."""

    text: str
    status: Annotated[str, "`verified`, `secondary` or `memory`: how well it is known"]


class PointProfile(TypedDict):
    """A kind of infrastructure."""

    name: Annotated[str, "as `profil_infrastruktur` of a dataset says it"]
    label: str
    about: str
    basis: list[PointLaw]
    columns: list[PointColumn]
    stale_days: Annotated[int, "a point that was not seen for longer is marked"]
    count_hours: Annotated[int | None, "a count that is older is not shown"]
    points: Annotated[int, "how many points of open datasets there are"]


class PointProfiles(TypedDict):
    """All profiles."""

    count: int
    results: list[PointProfile]


class PointValue(TypedDict):
    """A cell of a point."""

    name: str
    label: str
    value: Annotated[str | None, "`null`: too old to be shown"]
    text: Annotated[str, "as it is read by people, with its unit"]


class PointRow(TypedDict):
    """A point."""

    dataset: Annotated[str, "id of the dataset"]
    resource: Annotated[str, "id of its table"]
    code: Annotated[str, "names it within its table"]
    name: str
    village: Annotated[str | None, "code of the kelurahan"]
    village_label: str | None
    latitude: float | None
    longitude: float | None
    seen: Annotated[str, "the day on which it was last seen"]
    stale: Annotated[bool, "it was not seen for longer than its profile says"]
    values: Annotated[list[PointValue], "the other columns that everybody may have"]
    note: Annotated[str, "what is told in the place of a number that is too old"]


class PointDataset(TypedDict):
    """A dataset whose points are listed."""

    id: str
    name: str
    title: str
    agency: str


class PointList(TypedDict):
    """The points of all open datasets of a profile."""

    profile: str
    label: str
    datasets: list[PointDataset]
    count: int
    results: list[PointRow]


class StaleDataset(TypedDict):
    """A dataset with points that nobody saw for long."""

    id: str
    name: str
    title: str
    agency: str
    profile: str
    label: Annotated[str, "of the profile"]
    points: Annotated[int, "how many of its points"]
    since: Annotated[str, "from which day on the first of them counts as not seen for long"]
    due: Annotated[str, "until when its owner has time; afterwards Walidata has a task"]
    late: bool


class StalePoints(TypedDict):
    """The datasets with points that nobody saw for long."""

    count: int
    results: list[StaleDataset]


class PointWritten(TypedDict):
    """What became of a correction."""

    dataset_id: str
    resource_id: str
    code: str
    added: Annotated[bool, "it is a point more; `false`: one was replaced"]
    waiting: Annotated[bool, "the new version waits for its decision"]
