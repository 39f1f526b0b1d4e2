"""Pages that explain: what the portal is, and how programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ... import config, paths
from ...access.quality import dcat_profile
from ...access.reading import lead, serving
from ...agencies import registry
from ...agencies.rules.duties import ANONYMOUS, Duty
from ...metadata.quality.definition import quality
from ...msgids import N_
from ...surface import rates, yaml_text
from ...surface.pages import page
from . import api_examples, places

BODIES = (
    (Duty.WALIDATA, N_("examines data and publishes them")),
    (Duty.PPID, N_("answers for public information, and says what is closed and why")),
    (Duty.ATASAN_PPID, N_("decides on what is closed")),
    (Duty.PEMBINA, N_("advises on standards of data")),
    (Duty.PENGAWAS, N_("audits whether the procedure was followed")),
)
STATUS = {
    "copy": N_("not yet read at the source, but in a copy"),
    "told": N_("not yet read at the source"),
    "missing": N_("looked for and not found"),
}

RATES = {
    "searches": N_("Searches"),
    "tables": N_("Parts of a table"),
    "whole tables": N_("Whole tables"),
    "catalogues": N_("Catalogues and feeds"),
}
"""Kinds of readings that a program meets, and what they are called."""
_TIMES = {"minute": N_("in a minute"), "hour": N_("in an hour")}


@cache
def _regulations() -> tuple[Mapping[str, str], ...]:
    return tuple(yaml_text.read(paths.schemas() / "about.yaml")["regulations"])


def about() -> str:
    """Say what the portal is, who keeps it and which law it follows."""
    bodies = [
        {"duty": duty.value, "task": tk._(task), "agency": registry.body_of(duty)}
        for duty, task in BODIES
    ]
    shown = {
        "bodies": [b for b in bodies if b["agency"] is not None],
        "mailbox": mailbox(Duty.WALIDATA),
        "regulations": [
            {**item, "help": tk._(item["help"]), "status": tk._(STATUS[item["status"]])}
            for item in _regulations()
        ],
        "found": places.find(rows=0, facets=["organization"]),
    }
    return tk.render("satudata/about.html", shown)


def mailbox(duty: Duty) -> str:
    """Return the mailbox of the body with a duty; empty where there is none."""
    body = registry.body_of(duty)
    group: Any = model.Group.get(body.id) if body else None
    return str((group.extras or {}).get("kotak_surat") or "") if group else ""


def api_guide() -> str:
    """Show how programs read the portal, with examples that work on this site's own address."""
    site, known = config.site_url().rstrip("/"), example()
    calls = api_examples.examples(
        site, known.get("name", "NAMA-DATASET"), known.get("resource", "ID-BERKAS")
    )
    shown = {
        "site": site,
        "known": known,
        "calls": calls,
        "labels": api_examples.LABELS,
        "missing": api_examples.missing(site),
        "most_datasets": tk.config["ckan.search.rows_max"],
        "most_rows": tk.config.get("ckan.datastore.search.rows_max", 0),
        "dcat": p.plugin_loaded("dcat"),
        "measured": _measured(),
        "rates": [(tk._(label), _rates(name)) for name, label in RATES.items()],
    }
    return tk.render("satudata/api_guide.html", shown)


def _measured() -> list[dict[str, str]]:
    """Return the dimensions of quality that linked data measure, and what counts in each."""
    return [
        {
            "anchor": dcat_profile.ANCHOR.format(name=name),
            "label": tk._(dimension.label),
            "counts": dcat_profile.counts(quality(), name),
        }
        for name, dimension in quality().dimensions.items()
    ]


def _rates(name: str) -> list[tuple[int, str]]:
    """Return how many readings of a kind one address has in which time."""
    return [(rate.amount, tk._(_TIMES[rate.GRANULARITY.name])) for rate in rates.kind(name).items()]


def example() -> dict[str, str]:
    """Return a dataset that everybody may have, with a table, for the examples; empty if none is.

    What is asked of the policy is what anybody may have, so that the guide is the same for all.
    """
    # The command that downloads it writes a CSV.
    found = places.find("+tingkat_keamanan:biasa", "+res_format:CSV", rows=10)
    for dataset in found.datasets:
        for resource in lead.in_order(dataset):
            served = serving.served(resource["id"]) if resource.get("format") == "CSV" else None
            if served is not None and served.table and served.answer(ANONYMOUS):
                return {
                    "name": str(dataset["name"]),
                    "title": str(dataset.get("title") or dataset["name"]),
                    "resource": str(resource["id"]),
                }
    return {}


places.blueprint.add_url_rule("/tentang-portal", "about", page(about, kept=True, light=True))
places.blueprint.add_url_rule("/panduan-api", "api_guide", page(api_guide, kept=True, light=True))
