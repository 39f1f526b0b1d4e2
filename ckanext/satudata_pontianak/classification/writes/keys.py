"""Keys at every door that writes: what is not declared is refused, or dropped where nobody sits.

Which keys are declared stands in ``schemas/surface/keys.yaml``; the rule is ``surface/keys.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...metadata import service as metadata
from ...msgids import N_
from ...surface import key_errors, keys
from ...surface.formulas import CONTROL
from ...surface.key_errors import WRONG
from ...surface.types import is_among
from ...surface.types import types as declared_types
from ..records import dataset_types, harvested
from ..records.file_types import format_of, formats

STATES = ("active", "draft", "deleted")
NO_FORMAT = N_(
    "This format is not known, so nothing was saved. Write one such as CSV, XLSX or GeoJSON, or "
    "leave it empty."
)
NEAREST = N_(
    "This format is not known, so nothing was saved. Did you mean '%(nearest)s'? Else leave it "
    "empty."
)
NO_LICENCE = N_("This licence is not in the portal's list. Choose one of: %(known)s.")
NO_CAPACITY = N_("A dataset is in no group in this capacity. Choose one of: %(known)s.")
NO_STATE = N_("A dataset is active, draft or deleted; there is no other state.")


def schemas(dataset_type: str | None) -> dict[str, dict[str, str]]:
    """Return the fields of the schemas in force for a type of datasets."""
    return metadata.fields_by_schema(dataset_type or "dataset", keys.fields_of)


def guard(kind: str, data: Any, dataset_type: str | None = None) -> None:
    """Refuse what is not declared for a thing of this kind; numbers in texts become texts.

    :raises ckan.plugins.toolkit.ValidationError: naming each key.
    """
    if not isinstance(data, dict):
        raise tk.ValidationError({"data": [tk._(WRONG["object"]) % {"key": "data"}]})
    by_schema = schemas(dataset_type)
    problems = keys.tidied(kind, data, by_schema)
    if problems:
        raise tk.ValidationError(key_errors.errors(problems, kind, by_schema, tk._))
    keys.without_forms(kind, data)


def check_reference(data: Any) -> None:
    """Refuse what stands for the name of a dataset and is no text.

    :raises ckan.plugins.toolkit.ValidationError: naming the key.
    """
    if not isinstance(data, dict):
        raise tk.ValidationError({"data": [tk._(WRONG["object"]) % {"key": "data"}]})
    for key in ("id", "name"):
        if data.get(key) is not None and not isinstance(data[key], str):
            raise tk.ValidationError({key: [tk._(WRONG["text"]) % {"key": key}]})


def package_of(data: Any) -> model.Package | None:
    """Return the dataset that a call names, ``None`` where there is none.

    :raises ckan.plugins.toolkit.ValidationError: see :func:`check_reference`.
    """
    check_reference(data)
    return model.Package.get(data.get("id") or data.get("name"))


def dataset(context: types.Context, data: dict[str, Any], dataset_type: str | None) -> None:
    """Refuse the keys that a governed dataset may not hold, before anything else is asked.

    The answer depends on what was sent alone, so it tells nothing of a dataset. Where a
    harvester writes, what may not be there is taken out and reported.

    :raises ckan.plugins.toolkit.ValidationError: naming each key.
    """
    if not harvested.brings(context, data.get("id")):
        guard("dataset", data, dataset_type)
        return
    dropped = [p.where for p in keys.tidied("dataset", data, schemas(dataset_type), drops=True)]
    dropped += _drop_unlisted(data)
    keys.without_forms("dataset", data)
    if dropped:
        harvested.report_dropped(data["id"], [_named(where) for where in dropped])


def resource(data: Any, package: model.Package | None) -> None:
    """Refuse what a file of a governed dataset may not hold; an unknown dataset counts as one.

    :raises ckan.plugins.toolkit.ValidationError: naming each key.
    """
    if package is not None and not dataset_types.is_governed(package.type):
        return
    guard("resource", data, package.type if package is not None else None)
    errors = check_format(data)
    if errors:
        raise tk.ValidationError(errors)


def _named(where: tuple[Any, ...]) -> str:
    """Return a key with the list it stands in, without the place there."""
    return ".".join(keys.shortened(step) for step in where if not isinstance(step, int))


def check_lists(data: dict[str, Any], package: model.Package | None = None) -> None:
    """Refuse values that are not in their list, where they are new.

    :raises ckan.plugins.toolkit.ValidationError: naming each key, with what to write instead.
    """
    errors: dict[str, Any] = {}
    licence = data.get("license_id")
    if licence and licence != (package.license_id if package else None):
        known = licences()
        if licence not in known:
            errors["license_id"] = [tk._(NO_LICENCE) % {"known": ", ".join(known)}]
    if data.get("state") and data["state"] not in STATES:
        errors["state"] = [tk._(NO_STATE)]
    resources = data.get("resources") or []
    wrong = [check_format(each) for each in resources]
    if any(wrong):
        errors["resources"] = wrong
    if errors:
        raise tk.ValidationError(errors)


def check_groups(data: dict[str, Any]) -> None:
    """Refuse to put a dataset into a group in a capacity that nobody declared.

    Core keeps any text there, and gives it to everybody with the members of the group.

    :raises ckan.plugins.toolkit.ValidationError: on ``groups``.
    """
    if any(_odd_capacity(each) for each in _items(data.get("groups"))):
        text = tk._(NO_CAPACITY) % {"known": ", ".join(declared_types().capacities)}
        raise tk.ValidationError({"groups": [{"capacity": [text]}]})


def _items(value: Any) -> list[dict[str, Any]]:
    return [i for i in value if isinstance(i, dict)] if isinstance(value, list) else []


def _odd_capacity(group: dict[str, Any]) -> bool:
    given = group.get("capacity")
    return given is not None and not is_among(given, declared_types().capacities)


def licences() -> list[str]:
    """Return the ids of the licences that the portal offers."""
    return sorted(str(each.id) for each in model.Package.get_license_register().values())


def check_format(resource: dict[str, Any]) -> dict[str, Any]:
    """Call the format of a file what the list calls it; return what is wrong with it."""
    given = resource.get("format")
    if not given:
        return {}
    name = formats().name(given)
    if name is not None:
        resource["format"] = name
        return {}
    nearest = formats().nearest(given)
    if nearest is None:
        return {"format": [tk._(NO_FORMAT)]}
    return {"format": [tk._(NEAREST) % {"nearest": nearest}]}


def _drop_unlisted(data: dict[str, Any]) -> list[tuple[Any, ...]]:
    dropped: list[tuple[Any, ...]] = []
    if data.get("license_id") and data["license_id"] not in licences():
        data["license_id"] = ""
        dropped.append(("license_id",))
    if data.get("state") and data["state"] not in STATES:
        data["state"] = "active"
        dropped.append(("state",))
    for group in filter(_odd_capacity, _items(data.get("groups"))):
        del group["capacity"]
        dropped.append(("groups", "capacity"))
    for place, resource in enumerate(data.get("resources") or []):
        if check_format(resource):
            resource["format"] = ""
            dropped.append(("resources", place, "format"))
    return dropped


def without_undeclared(dataset: dict[str, Any]) -> None:
    """Take out of what a reader gets all that is not declared, whatever put it there."""
    by_schema = schemas(dataset.get("type"))
    _keep("dataset", dataset, by_schema)
    extras = dataset.get("extras")
    if extras:
        # In core's own schema the fields of ours stand among the free ones.
        fields = by_schema["dataset_fields"]
        dataset["extras"] = [
            e for e in extras if e.get("key") in fields or keys.takes_extra(e.get("key"))
        ]
    for resource in dataset.get("resources") or ():
        _keep("resource", resource, by_schema)
        if resource.get("format"):
            resource["format"] = format_of(resource["format"])


def of_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return what is declared of a document for the search index."""
    fields = schemas(document.get("type"))["dataset_fields"]
    return {k: v for k, v in document.items() if keys.in_index(k, fields)}


def _keep(kind: str, thing: dict[str, Any], by_schema: Mapping[str, Mapping[str, str]]) -> None:
    fields = by_schema.get(keys.kind(kind).schema or "", {})
    for key in thing.keys() - keys.kept_names(kind) - fields.keys():
        if not keys.stays(kind, key, fields):
            del thing[key]


def without_controls(value: Any) -> Any:
    """Return texts without the signs that no feed, workbook or RDF/XML can say: blanks instead.

    What is pasted out of other programs holds them, and nobody sees them. NUL stays, which is
    refused: a database cannot keep it.
    """
    if isinstance(value, str):
        return CONTROL.sub(lambda found: found[0] if found[0] == "\x00" else " ", value)
    if isinstance(value, list):
        return [without_controls(each) for each in value]
    if isinstance(value, dict):
        return {key: without_controls(each) for key, each in value.items()}
    return value
