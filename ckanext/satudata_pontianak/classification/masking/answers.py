"""What the actions that mask answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from ...disclosure.anonymising.outcome import Measured
from ..cases.answers import Shown


class Tried(TypedDict):
    """What a plan would give."""

    plan: dict[str, Any]
    masked: Annotated[Measured, "what would be measured"]
    headings: list[str]
    rows: Annotated[list[list[str]], "the first ones"]


class Suggested(TypedDict):
    """A plan for a waiting version."""

    plan: Annotated[
        dict[str, Any], "as `satudata_version_mask` takes it; every column is named in it"
    ]
    sheets: NotRequired[
        Annotated[list[str], "visible sheets of a workbook with rows; not where a plan was given"]
    ]
    previews: NotRequired[
        Annotated[
            list[Tried],
            "with `preview`: of the plan, and of one that leaves fewer rows out where it loses "
            "more than a tenth of them; or of the plan that was given",
        ]
    ]


class Masked(Shown):
    """The dataset that has the result."""

    masked: Annotated[Measured, "what was measured"]
