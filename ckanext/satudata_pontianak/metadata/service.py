"""The dataset schema of this portal, and what a dataset lacks by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface import yaml_text

from .completeness import FieldProblem, missing


@cache
def shipped_fields() -> tuple[Mapping[str, Any], ...]:
    """The fields of the dataset schema that comes with the package."""
    content = yaml_text.read(paths.schemas() / "dataset.yaml")
    return tuple(content["dataset_fields"])


def dataset_fields(dataset_type: str = "dataset") -> tuple[Mapping[str, Any], ...]:
    """The fields in force for a type: the operator's own schema where one is configured."""
    schema = _schema(dataset_type)
    return tuple(schema["dataset_fields"]) if schema else shipped_fields()


def resource_fields(dataset_type: str = "dataset") -> tuple[Mapping[str, Any], ...]:
    """The fields of a file in force for a type of datasets."""
    schema = _schema(dataset_type)
    if schema is not None:
        return tuple(schema["resource_fields"])
    content = yaml_text.read(paths.schemas() / "dataset.yaml")
    return tuple(content["resource_fields"])


def labels() -> dict[str, Any]:
    """What the fields of all kinds of datasets are called, by name. Msgids; datasets come first."""
    from ckanext.scheming.plugins import SchemingDatasetsPlugin

    plugin = SchemingDatasetsPlugin.instance
    others = sorted(plugin._expanded_schemas) if plugin else []
    fields = [f for kind in (*others, "dataset") for f in dataset_fields(kind)]
    return {f["field_name"]: f.get("label") for f in fields}


_read: dict[str, tuple[Any, dict[str, dict[str, str]]]] = {}


def fields_by_schema(
    dataset_type: str, reads: Callable[[tuple[Mapping[str, Any], ...]], dict[str, str]]
) -> dict[str, dict[str, str]]:
    """The fields of a dataset and of a file in force, as ``reads`` takes them; read once.

    They are asked for with every dataset that is shown.
    """
    schema = _schema(dataset_type)
    found = _read.get(dataset_type)
    if found is None or found[0] is not schema:
        both = {
            "dataset_fields": reads(dataset_fields(dataset_type)),
            "resource_fields": reads(resource_fields(dataset_type)),
        }
        found = _read[dataset_type] = (schema, both)
    return found[1]


def _schema(dataset_type: str) -> Any:
    from ckanext.scheming.plugins import SchemingDatasetsPlugin

    plugin = SchemingDatasetsPlugin.instance
    return plugin._expanded_schemas.get(dataset_type) if plugin else None


def checked(values: Mapping[str, Any], dataset_type: str = "dataset") -> dict[str, Any]:
    """Return these fields as the schema would keep them.

    For what does not go through core's own validation because it waits.

    :raises ckan.plugins.toolkit.ValidationError: naming the field.
    """
    import ckan.plugins.toolkit as tk
    from ckanext.scheming.validation import validators_from_string

    fields = [f for f in dataset_fields(dataset_type) if f["field_name"] in values]
    schema = {
        f["field_name"]: validators_from_string(
            f.get("validators") or "ignore_missing unicode_safe", f, {"dataset_fields": fields}
        )
        for f in fields
    }
    kept, errors = tk.navl_validate(dict(values), schema, {})
    if errors:
        raise tk.ValidationError(errors)
    return {name: kept.get(name) for name in values}


def missing_for_submission(dataset: Mapping[str, Any]) -> list[FieldProblem]:
    """Fields that must be filled before the dataset is submitted. Labels are English msgids."""
    return missing(dataset_fields(str(dataset.get("type") or "dataset")), dataset)
