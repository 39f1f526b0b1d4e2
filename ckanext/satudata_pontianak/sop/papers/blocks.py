"""Blocks that papers of meetings have in common. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...messages import Translate
from ...msgids import N_

NONE = N_("None.")
SIGN = N_("Office, name, NIP and signature are entered by hand, or by electronic signature.")


def table(
    caption: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: list[list[str]],
    translate: Translate,
) -> dict[str, Any]:
    """Return a table, or that there is nothing to say in it."""
    if not rows:
        return {"kind": "text", "text": f"{translate(caption)}: {translate(NONE)}"}
    return {
        "kind": "table",
        "caption": translate(caption),
        "heads": [translate(head) for head in heads],
        "widths": list(widths),
        "rows": rows,
    }
