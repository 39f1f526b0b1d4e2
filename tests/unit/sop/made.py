"""Documents for the tests: from the definitions of the portal, or from changed copies."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.satudata_pontianak.classification.grants.request_definition import RequestRules
from ckanext.satudata_pontianak.classification.incidents.definition import IncidentRules
from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.classification.rules.axes import Classification
from ckanext.satudata_pontianak.classification.rules.conditions import CONDITIONS
from ckanext.satudata_pontianak.classification.rules.definition import Workflow
from ckanext.satudata_pontianak.sop.documents.building import build_all
from ckanext.satudata_pontianak.sop.documents.definition import Definitions, SopFile
from ckanext.satudata_pontianak.sop.documents.document import Document, Enactment
from ckanext.satudata_pontianak.sop.documents.rendering import view
from ckanext.satudata_pontianak.surface import yaml_text
from ckanext.satudata_pontianak.surface.yaml_source import Source

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
SCHEMAS = Path(__file__).parents[3] / "schemas"


def raw(name: str) -> dict[str, Any]:
    """Return one definition as it stands in its file, to be changed by a test."""
    return yaml_text.read(SCHEMAS / f"{name}.yaml")


READERS = {
    "workflow": lambda source: Workflow(source, CONDITIONS),
    "classification": Classification,
    "requests": RequestRules.of,
    "incidents": IncidentRules.of,
    "sop": SopFile.of,
}


@cache
def _as_it_stands(name: str) -> Any:
    return READERS[name](Source.read(SCHEMAS / f"{name}.yaml"))


def definitions(**changed: dict[str, Any]) -> Definitions:
    """Return the definitions, those that are given in the place of the file of the same name."""
    read = {name: _as_it_stands(name) for name in READERS}
    for name, content in changed.items():
        text = yaml.dump(content, Dumper=DUMPER, sort_keys=False)
        read[name] = READERS[name](Source(f"{name}.yaml", text))
    return Definitions(**read)


@cache
def built() -> dict[str, Document]:
    """Return the documents of the definitions as they stand."""
    return build_all(definitions())


def shown(document: Document, enactment: Enactment | None = None) -> dict[str, Any]:
    """Return a document in Indonesian, as far as the catalogue has it."""
    return view(document, indonesian.translator(), enactment)


def with_new_state() -> dict[str, Any]:
    """Return the workflow with a state of lawyers between Walidata and PPID."""
    workflow = raw("workflow")
    workflow["states"] = {
        **{k: v for k, v in workflow["states"].items() if k in ("draft", "verification")},
        "legal_review": {"label": "Read by lawyers", "holder": "walidata", "due_working_days": 4},
        **workflow["states"],
    }
    workflow["transitions"] += [
        _new_step("ask_lawyers", "verification", "legal_review", "note_referral"),
        _new_step("return", "legal_review", "draft", "thaw_evidence"),
        _new_step("hand_on", "legal_review", "consequence_test", "note_referral"),
    ]
    return workflow


def _new_step(name: str, source: str, target: str, effect: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": name,
        "from": source,
        "to": target,
        "by": "walidata",
        "kinds": ["classify"],
        "effect": effect,
        "step": f"Step {name}.",
    }
