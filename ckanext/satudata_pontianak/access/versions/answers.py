"""What the actions on versions answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...classification.versions.cells import Cells
from ...classification.versions.comparison import TableChange


class FileTold(TypedDict):
    """A file of a version of a dataset."""

    resource: str
    version: str
    name: Annotated[str, "what the file is called now"]
    format: str
    size: Annotated[int | None, "bytes"]
    sha256: str | None
    state: Annotated[str, "`served` now; `given`: an older one that may be downloaded"]
    state_label: str
    url: Annotated[str, "where its bytes are"]


class VersionTold(TypedDict):
    """A version of a dataset: what one decision gave."""

    id: Annotated[str, "of its decision"]
    number: Annotated[int, "in the order of those that are told of"]
    decided: str
    files: list[FileTold]


class VersionList(TypedDict):
    """The versions of a dataset, newest first."""

    dataset_id: str
    count: int
    results: list[VersionTold]


class FileChange(TypedDict):
    """A file that is in one version only, or other in the newer one."""

    resource: str
    change: Annotated[str, "`added`, `removed`, `changed`, or `same`"]
    change_label: str
    before: FileTold | None
    after: FileTold | None
    tables: list[TableChange]


class CellChange(TypedDict):
    """What changed in the rows of one file."""

    resource: str
    cells: Annotated[Cells | None, "`null`: they were not compared; `why` says why"]
    why: str | None


class VersionComparison(TypedDict):
    """Two versions of a dataset side by side."""

    dataset_id: str
    before: VersionTold
    after: VersionTold
    files: list[FileChange]
    rows: Annotated[CellChange | None, "of one file; `null`: no file with a table changed"]
