"""What the columns of a masked table are called: after what stands in them now."""

from __future__ import annotations

from collections.abc import Sequence

from . import lexicon

BAND, KELURAHAN = "kelompok_umur", "kelurahan"


def heading(label: str, action: str) -> str:
    """Return the heading that is true of a column after its treatment.

    A column of age bands called ``tanggal_lahir`` would claim what is not in it, and be taken for
    dates of birth by whoever reads or scans the file. What only loses rare values keeps its name.
    """
    if action == "age_band":
        return BAND
    if action == "year":
        return "tahun_lahir" if lexicon.is_birthday(label) else f"tahun_{label}"
    if action == "kelurahan":
        return KELURAHAN
    if action == "number_band":
        return f"kelompok_{label}"
    if action == "pseudonym":
        return f"kode_{label}"
    return f"{label}_disamarkan" if action == "mask" else label


def headings(labels: Sequence[str], actions: Sequence[str]) -> list[str]:
    """Return the headings of a table, each once: the second of a name gets its number."""
    kept = {label.casefold() for label, a in zip(labels, actions, strict=True) if a == "keep"}
    found: list[str] = []
    seen: set[str] = set()
    for label, action in zip(labels, actions, strict=True):
        name = wanted = heading(label, action)
        number = 1
        while name.casefold() in seen or (action != "keep" and name.casefold() in kept):
            number += 1
            name = f"{wanted}_{number}"
        seen.add(name.casefold())
        found.append(name)
    return found
