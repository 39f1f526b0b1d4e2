"""What a reader gets of a dataset: laid over core's row, after Solr and its cache.

Core's row holds what is approved (or, before anything was, what is proposed). Everything that
depends on caller or decision is laid over it here, from the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from ... import config
from ...agencies.rules.duties import ANONYMOUS, Actor
from ...classification.cases import show, show_scans
from ...classification.cases.effects import decision_axes
from ...classification.records import reads_of_many
from ...classification.records.model import Case, Decision, Version
from ...classification.records.reads_of_many import Page
from ...classification.rules.axes import AXES, classification
from ...classification.rules.policy import (
    Channel,
    Facts,
    VersionFacts,
    decide,
    granted_resources,
    metadata_open,
)
from ...classification.versions import fetching, table_state
from ...classification.writes import keys
from ...metadata import freshness
from ...surface import links
from .lead import TIDIED_OF

# The only fields of a resource that a reader without its data gets: what is not listed here,
# also a field that some plugin adds later, stays closed.
OPEN_FIELDS = frozenset(
    {"id", "package_id", "name", "description", "format", "position", "created", "state"}
)


class ReadersView:
    """What one person may see. The policy is asked when something depends on its answer."""

    def __init__(self, actor: Actor, facts: Facts) -> None:
        self._actor, self._facts = actor, facts
        self.held = bool(facts.holds)

    def version(self, version: Version) -> bool:
        """Tell whether they see that this version waits."""
        return show.sees_version(self._actor, self._facts, version)

    @cached_property
    def data(self) -> bool:
        """Its approved data."""
        return bool(decide(self._actor, self._facts, Channel.DATA))

    @cached_property
    def case(self) -> bool:
        """Its open case."""
        return show.may_see_case(self._actor, self._facts)

    @cached_property
    def unversioned(self) -> bool:
        """That a file is there which nobody approved."""
        asked = VersionFacts(approved=False)
        return bool(decide(self._actor, self._facts, Channel.METADATA, asked))

    @cached_property
    def unversioned_data(self) -> bool:
        """Such a file itself."""
        asked = VersionFacts(approved=False)
        return bool(decide(self._actor, self._facts, Channel.DATA, asked))

    @cached_property
    def granted(self) -> frozenset[str]:
        """Resources whose data a grant for single files gives, where ``data`` is not."""
        return granted_resources(self._actor, self._facts)


class LeastView:
    """What the least privileged reader whom the labels admit may see; for the index."""

    unversioned = False
    unversioned_data = False
    granted: frozenset[str] = frozenset()

    def __init__(self, facts: Facts) -> None:
        self.held = bool(facts.holds)
        self.data = bool(decide(ANONYMOUS, facts, Channel.DATA))
        self.case = facts.decision is None and not metadata_open(facts)

    def version(self, _version: Version) -> bool:
        """Tell whether they see that this version waits."""
        return False


View = ReadersView | LeastView


_LAYERS: dict[str, Callable[[Sequence[dict[str, Any]]], None]] = {}


def join(kind: str, layer: Callable[[Sequence[dict[str, Any]]], None]) -> None:
    """Have a room lay more over datasets of its type, for who does not see their case.

    :param kind: a type of dataset.
    :param layer: changes the dicts of datasets, all of a page at once; it only takes away.
    """
    _LAYERS[kind] = layer


def load(dataset_ids: Iterable[str], *, reviewing: bool, nobody: bool = False) -> Page:
    """Read what the overlay needs, with one query.

    :param reviewing: also read what waits; not needed for a reader who may not see it.
    :param nobody: for a reader without a name; see :func:`.page.read`.
    """
    return reads_of_many.read(dataset_ids, reviewing=reviewing, nobody=nobody)


def load_for(actor: Actor, dataset_ids: Iterable[str]) -> Page:
    """Read what the overlay needs for this reader, with one query."""
    return load(dataset_ids, reviewing=not actor.anonymous, nobody=actor.anonymous)


def lay_over(dataset: dict[str, Any], view: View, loaded: Page) -> dict[str, Any]:
    """Change a dataset's dict to what this reader may see, and return it."""
    lay_over_all([(dataset, view)], loaded)
    return dataset


def lay_over_all(datasets: Iterable[tuple[dict[str, Any], View]], loaded: Page) -> None:
    """Change the dicts of datasets to what this reader may see."""
    layered: dict[str, list[dict[str, Any]]] = {}
    for dataset, view in datasets:
        _lay(dataset, view, loaded)
        # Not in the index, which is read again for each reader: what it lacked would never be back.
        if isinstance(view, ReadersView) and not view.case:
            layered.setdefault(str(dataset.get("type")), []).append(dataset)
    for kind in layered.keys() & _LAYERS.keys():
        _LAYERS[kind](layered[kind])


def _lay(dataset: dict[str, Any], view: View, loaded: Page) -> None:
    for key in [k for k in dataset if k.startswith("satudata_")]:
        del dataset[key]
    keys.without_undeclared(dataset)
    dataset_id = dataset["id"]
    decision, case = loaded.decisions.get(dataset_id), loaded.cases.get(dataset_id)
    _lay_axes(dataset, view, decision, case)
    resources = []
    for resource in dataset.get("resources") or []:
        shown = _resource(resource, view, loaded)
        if shown is not None:
            resources.append(shown)
    _lay_tidied(resources, view, loaded)
    dataset["resources"] = resources
    dataset["num_resources"] = len(resources)
    if decision is not None:
        dataset["satudata_decision"] = {
            "level": decision.tingkat_keamanan,
            "kind": decision.jenis_informasi,
            "personal_data": decision.data_pribadi,
            "number": decision.nomor,
            "until": show.day(decision.akhir),
            "review": show.day(decision.tanggal_reviu),
            "data_open": view.data,
            "held": view.held,
        }
        if view.held or not classification().is_open(decision.tingkat_keamanan):
            _without_licence(dataset, view)
    if case is not None and view.case:
        dataset["satudata_case"] = {
            "id": case.id,
            "state": case.state,
            "due": show.day(case.due),
            "proposal": case.proposal,
        }


def _without_licence(dataset: dict[str, Any], view: View) -> None:
    """Take the licence out: what is closed may not be used as an open licence says.

    Who works on its case keeps the id, for what they save again.
    """
    for key in ("license_title", "license_url", "isopen"):
        dataset.pop(key, None)
    if not view.case:
        dataset.pop("license_id", None)


def _lay_axes(
    dataset: dict[str, Any], view: View, decision: Decision | None, case: Case | None
) -> None:
    values: Mapping[str, Any] = {}
    if decision is not None:
        values = decision_axes(decision)
    elif case is not None and view.case:
        values = case.proposal
    for axis in AXES:
        if values.get(axis):
            dataset[axis] = values[axis]
        else:
            dataset.pop(axis, None)


def _origin(version: Version) -> dict[str, Any]:
    """Return where served data come from, where that is not an upload."""
    address = fetching.source_of(version)
    if address is None or not links.leads_to(address):
        return {}
    external = version.kind == fetching.EXTERNAL
    return {"satudata_source": address, **({"satudata_external": True} if external else {})}


def _lay_tidied(resources: Sequence[dict[str, Any]], view: View, loaded: Page) -> None:
    """Tell of a table that the reader has of which file, served as well, it was made."""
    found = {r["id"]: loaded.approved[r["id"]] for r in resources if r["id"] in loaded.approved}
    by_hash = {v.sha256: id for id, v in found.items() if v.tidied is None}
    for shown in resources:
        version = found.get(shown["id"])
        if version is None or version.tidied is None:
            continue
        original = by_hash.get(version.tidied["source"])
        if original is not None and (view.data or shown["id"] in view.granted):
            shown[TIDIED_OF] = original


def _resource(resource: dict[str, Any], view: View, loaded: Page) -> dict[str, Any] | None:
    """Return a resource as this reader may see it, ``None`` when it is not for them."""
    found = loaded.approved.get(resource["id"])
    waiting = [v for v in loaded.waiting.get(resource["id"], ()) if view.version(v)]
    shown = {k: v for k, v in resource.items() if not k.startswith("satudata_")}
    if found is None and not waiting and not view.unversioned:
        return None
    given = view.data or resource["id"] in view.granted
    # A file that was sealed has no approved version any more; its row still names it.
    if not (given if found is not None else waiting or view.unversioned_data):
        shown = {k: v for k, v in shown.items() if k in OPEN_FIELDS}
        shown["url"] = ""
    elif found is not None:
        shown.update(_origin(found))
    if shown.get("url") and shown.get("url_type") != "upload" and not links.leads_to(shown["url"]):
        shown["url"] = ""  # kept from before such addresses were refused
    shown.pop("datastore_active", None)
    if found is not None and given and config.datastore_enabled():
        shown["datastore_active"] = table_state.is_ready(found.tabled)
        newest = table_state.newest_in(found.tabled)
        if newest:
            shown[freshness.NEWEST] = newest
    if waiting:
        last = waiting[-1]
        shown["satudata_waiting"] = show_scans.waiting_dict(last, loaded.scans.get(last.id))
    return shown
