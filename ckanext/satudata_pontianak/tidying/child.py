"""Reads a workbook of a stranger's within limits: one job on standard input, one answer.

Run as ``python -m ckanext.satudata_pontianak.tidying.child``.
"""

from __future__ import annotations

import json
import os
import sys

from ..disclosure.child import restrain


def main() -> None:
    """Read the file that the job names."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Nothing but the answer may reach the parent, whatever a library prints.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    job = json.loads(sys.stdin.readline())
    restrain(job["limits"])
    from .answering import answer

    try:
        found = answer(job)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a mistake of ours is said as one; its words may quote a cell
        found = {"problem": {"code": "failed", "params": {}}}
    answers.write(json.dumps(found))
    answers.flush()


if __name__ == "__main__":
    main()
