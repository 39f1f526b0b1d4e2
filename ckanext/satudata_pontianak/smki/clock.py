"""What a run of the clock does for information security, in parts that fail each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from . import asking, controls, filling, incidents, tasks
from .cooperation import handed, help_desk, letter
from .destruction import carrying
from .personal_data import subject_requests
from .reviewing import rights
from .rules.evidence import Probe

Part = Callable[[], Iterator[str]]
BUSY = "Another run of the clock looks at the controls."


def parts(probes: Callable[[], Mapping[str, Probe]]) -> dict[str, Part]:
    """Return the parts of a run by name, in their order; each says what it did.

    :param probes: gives what looks at controls, by name.
    """

    def look() -> Iterator[str]:
        with controls.alone() as free:
            if not free:
                yield BUSY
                return
            for change in controls.run(probes()):
                yield f"Control {change.name}: {change.before or 'new'} -> {change.status}"

    return {
        "smki.destruction": carrying.resume,
        "smki.fill": _fill,
        "smki.ask": _ask,
        "smki.hand_out": _hand_out,
        "smki.rights": _rights,
        "smki.controls": look,
        "smki.incidents": _incidents,
        "smki.subjects": _subjects,
        "smki.remind": _remind,
        "cooperation.remind": _between,
        "cooperation.help": _help,
        "cooperation.letter": _letter,
    }


def _fill() -> Iterator[str]:
    for filled in filling.run():
        yield (
            f"Register {filled.register}: {filled.made} lines made, {filled.changed} changed, "
            f"{filled.ended} ended."
        )


def _ask() -> Iterator[str]:
    yield f"{asking.ask()} people asked for what is missing in registers."


def _hand_out() -> Iterator[str]:
    yield f"{len(tasks.hand_out())} tasks of information security handed out."


def _rights() -> Iterator[str]:
    yield f"{rights.settle()} tasks ended of rights that are gone."


def _incidents() -> Iterator[str]:
    yield f"{incidents.remind()} people told of deadlines of incidents of information security."


def _subjects() -> Iterator[str]:
    yield f"{subject_requests.remind()} people told of deadlines of requests of data subjects."


def _remind() -> Iterator[str]:
    told, moved = tasks.remind()
    yield f"{told} people reminded of tasks, {moved} tasks given to somebody else."


def _between() -> Iterator[str]:
    told, risen = handed.remind()
    yield f"{told} people told of tasks between agencies, {risen} tasks rose to the forum."


def _help() -> Iterator[str]:
    told, risen = help_desk.remind()
    yield f"{told} people told of questions to the help desk, {risen} questions rose to the forum."


def _letter() -> Iterator[str]:
    yield f"{letter.tell_ready()} people told that the letter of the month is ready."
