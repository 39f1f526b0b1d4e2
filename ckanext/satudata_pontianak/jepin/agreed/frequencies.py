"""How often data may be published, as the form of a dataset has it."""

from __future__ import annotations

from ...metadata import service as metadata

FIELD = "frekuensi_penerbitan"


def labels() -> dict[str, str]:
    """Return what each frequency is called, by its code. Msgids."""
    fields = {each["field_name"]: each for each in metadata.dataset_fields()}
    choices = fields.get(FIELD, {}).get("choices") or ()
    return {choice["value"]: choice["label"] for choice in choices}
