"""The other side of the sandbox: limits first, then scan what the parent names.

Each line on standard input is a job in JSON; each answer is one line on standard output,
preceded by lines of progress. A job without a file only loads the readers, and has no answer.
Run as ``python -m ckanext.satudata_pontianak.disclosure.child``.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from importlib import import_module
from typing import Any, TextIO

PROGRESS_EVERY = 0.2
SELDOM = 50_000


def main() -> None:
    """Serve jobs until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Nothing but answers may reach the parent, whatever a library prints.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    settled = False
    for line in sys.stdin:
        job = json.loads(line)
        restrain(job["limits"])
        if not settled:
            settled = settle()
        if "path" in job:
            _answer(answers, {"report": _scan(job, answers)})


def settle() -> bool:
    """Look for cycles of dead objects seldom, and never among what was imported.

    Thousands of columns are as many live objects, and looking through them frees nothing.
    """
    # Imported under the limits, and before the freeze.
    import_module(".engine", __package__)
    gc.freeze()
    gc.set_threshold(SELDOM, 20, 20)
    return True


def restrain(limits: dict[str, Any]) -> None:
    """Take the rights to memory, processor time, core dumps and files away from this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + int(limits["cpu_seconds"]) + 1
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_AS, int(limits["memory"]))
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)


def _lower(kind: int, value: int) -> None:
    """Set the soft limit, which the next job may need to move; never above the hard one."""
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, hard))


def _scan(job: dict[str, Any], answers: TextIO) -> dict[str, Any]:
    # Imported under the limits, so that nothing of Polars runs before them.
    from .engine import scan_file
    from .limits import Limits
    from .ruleset import Ruleset

    last = time.monotonic()

    def progress(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_EVERY:
            last = time.monotonic()
            _answer(answers, {"progress": round(share, 3)})

    rules = job["ruleset"]
    ruleset = Ruleset(rules["id"], tuple(rules["kinds"]), rules["threshold"])
    report = scan_file(
        job["path"],
        name=job["name"],
        ruleset=ruleset,
        limits=Limits(**job["limits"]),
        progress=progress,
    )
    return {"ruleset": ruleset.id, **report.to_json()}


def _answer(answers: TextIO, document: dict[str, Any]) -> None:
    answers.write(json.dumps(document) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
