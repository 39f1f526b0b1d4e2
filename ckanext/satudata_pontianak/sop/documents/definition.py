"""``schemas/sop.yaml``: what the other definitions do not say about an SOP, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ... import paths
from ...classification.grants.request_definition import RequestRules, request_rules
from ...classification.incidents.definition import CLOCKS, IncidentRules, incident_rules
from ...classification.rules.axes import Classification, classification
from ...classification.rules.definition import Workflow, workflow
from ...surface.yaml_source import Source

SEGMENTS = frozenset({"step", "cases", "requests", "holds", "incidents", "reopening"})
INCIDENTS = frozenset({"begin", "end"})
SYMBOLS = frozenset({"terminator", "process", "decision"})
STATUSES = frozenset({"verified", "secondary", "memory"})
PARTS = ("basis", "qualifications", "equipment", "warnings", "records", "related", "flow")


@dataclass(frozen=True)
class Definitions:
    """All the files that an SOP is made from."""

    workflow: Workflow
    classification: Classification
    requests: RequestRules
    incidents: IncidentRules
    sop: SopFile


class SopFile:
    """The content of ``sop.yaml``, checked."""

    def __init__(self, source: Source) -> None:
        """Check the file and keep it.

        :raises DefinitionError: naming line and reason.
        """
        data = source.data
        for key in ("version", "institution", "unit", "code", "lanes", "common", "documents"):
            source.require(f"'{key}' is missing", bool(data.get(key)))
        self.version = str(data["version"])
        self.institution = str(data["institution"])
        self.unit = str(data["unit"])
        self.code = str(data["code"])
        self.lanes: dict[str, str] = {n: str(v["label"]) for n, v in data["lanes"].items()}
        self.conditions: dict[str, str] = {
            name: str(spec["label"]) for name, spec in (data.get("conditions") or {}).items()
        }
        self.screens: dict[str, tuple[str, str]] = {
            name: (str(spec["document"]), str(spec["row"]))
            for name, spec in (data.get("screens") or {}).items()
        }
        self.common: Mapping[str, Any] = data["common"]
        self.documents: dict[str, Mapping[str, Any]] = data["documents"]
        numbers: set[int] = set()
        for name, document in self.documents.items():
            self._check_document(source, name, document)
            source.require(
                "two documents have this number",
                document["number"] not in numbers,
                *("documents", name, "number"),
            )
            numbers.add(document["number"])

    def _check_document(self, source: Source, name: str, document: Mapping[str, Any]) -> None:
        where = ("documents", name)
        for key in ("number", "label", "help", *PARTS):
            source.require(f"'{key}' is missing", bool(document.get(key)), *where)
        for number, item in enumerate(document["basis"]):
            good = item.get("status") in STATUSES and bool(item.get("text"))
            source.require("a basis needs 'text' and 'status'", good, *where, "basis", number)
        for other in document["related"]:
            source.require(f"unknown SOP '{other}'", other in self.documents, *where, "related")
        for key in ("qualifications", "equipment", "records"):
            self._check_labels(source, document[key], (*where, key))
        for number, segment in enumerate(document["flow"]):
            kinds = SEGMENTS & set(segment)
            place = (*where, "flow", number)
            source.require(f"one of {sorted(SEGMENTS)} is expected", len(kinds) == 1, *place)
            if "incidents" in segment:
                known = segment["incidents"] in INCIDENTS
                source.require("'incidents' is begin or end", known, *place, "incidents")
            if "step" in segment:
                self._check_step(source, segment, place)

    @staticmethod
    def _check_labels(
        source: Source, items: Sequence[Mapping[str, Any]], place: tuple[str | int, ...]
    ) -> None:
        """A text without quotes ends at its first comma: the rest would be a key of its own."""
        for number, item in enumerate(items):
            source.require("a 'label' and nothing else", set(item) == {"label"}, *place, number)

    def _check_step(
        self, source: Source, step: Mapping[str, Any], place: tuple[str | int, ...]
    ) -> None:
        for key in ("name", "by"):
            source.require(f"'{key}' is missing", bool(step.get(key)), *place)
        # YAML takes on, off, yes and no for truths.
        source.require("'name' must be a text", isinstance(step["name"], str), *place, "name")
        source.require(f"unknown lane '{step['by']}'", step["by"] in self.lanes, *place, "by")
        symbol = step.get("symbol", "process")
        source.require(f"unknown symbol '{symbol}'", symbol in SYMBOLS, *place, "symbol")
        for key in ("needs", "remarks"):
            self._check_labels(source, step.get(key, ()), (*place, key))
        clock = (step.get("time") or {}).get("clock")
        source.require(f"unknown clock '{clock}'", clock in {None, *CLOCKS}, *place, "time")
        two = bool(step.get("yes")) and bool(step.get("no"))
        source.require("a decision needs 'yes' and 'no'", two == (symbol == "decision"), *place)


@lru_cache(maxsize=1)
def definitions() -> Definitions:
    """Return the definitions in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Definitions(
        workflow(),
        classification(),
        request_rules(),
        incident_rules(),
        SopFile(Source.read(paths.schemas() / "sop.yaml")),
    )
