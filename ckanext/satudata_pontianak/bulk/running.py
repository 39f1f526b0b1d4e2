"""Many datasets at once: a fixed number of workers, and never two of them on one dataset."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from ..messages import Message
from ..msgids import N_
from . import plan
from .bringing import Done, Outcome, bring
from .checking import Dataset
from .client import Portal
from .state import State

DONE = N_("%(done)s of %(total)s datasets")
FAULTS = N_("%(faults)s with faults")
LEFT_SECONDS = N_("about %(seconds)s seconds left")
LEFT_MINUTES = N_("about %(minutes)s minutes left")


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    done: int
    total: int
    faults: int
    seconds: float
    """Since it began."""

    def messages(self) -> Iterator[Message]:
        """Say it, with the time that is left by how fast it went."""
        yield Message(DONE, {"done": self.done, "total": self.total})
        if self.faults:
            yield Message(FAULTS, {"faults": self.faults})
        if self.done and self.done < self.total:
            left = self.seconds / self.done * (self.total - self.done)
            if left < 90:
                yield Message(LEFT_SECONDS, {"seconds": max(1, round(left))})
            else:
                yield Message(LEFT_MINUTES, {"minutes": round(left / 60)})


def run(
    portal: Portal,
    datasets: Iterable[Dataset],
    state: State,
    *,
    workers: int,
    submit: bool,
    overwrite: bool = False,
    tell: Callable[[Progress], None],
) -> Iterator[Outcome]:
    """Bring datasets; each is one task of one worker. Gives them as they end.

    What landed is on the disk before it is given. Only so many wait for a worker that stopping
    takes no longer than the calls that are being made.
    """
    waiting = list(datasets)
    total, begun, count, faults = len(waiting), time.monotonic(), 0, 0
    waiting.reverse()

    def one(dataset: Dataset) -> Outcome:
        want = plan.wanted(dataset)
        known = state.get(dataset.key)
        outcome = bring(portal, want, known, submit=submit, overwrite=overwrite)
        if outcome.entry is not None:
            state.add(outcome.entry)
        return outcome

    with ThreadPoolExecutor(max_workers=workers) as pool:
        running: set[Future[Outcome]] = set()
        while waiting or running:
            while waiting and len(running) < workers:
                running.add(pool.submit(one, waiting.pop()))
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for each in ended:
                outcome = each.result()
                count += 1
                faults += outcome.done in (Done.REFUSED, Done.POSTPONED)
                yield outcome
            tell(Progress(count, total, faults, time.monotonic() - begun))
