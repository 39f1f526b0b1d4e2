"""One dataset to the portal: only what is missing there, and read back afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..messages import Message
from ..msgids import N_
from . import plan
from .checking import File
from .client import TRIES, Again, NotAllowed, Portal, Refused
from .fields import label
from .plan import Wanted
from .state import Entry

OTHERS = N_("The address “%(name)s” belongs to another dataset.")
OTHER_ADDRESS = N_("Write another address under “%(field)s”.")
NOT_OURS = N_("At the address “%(name)s” stands a dataset that this list did not make.")
OVERWRITE = N_(
    "Write another address under “%(field)s”, or run with --timpa if this row shall change it."
)
DELETED = N_("This dataset was deleted on the portal.")
OTHER_KEY = N_("Give the row another key or address if it shall stand there again.")
NOT_ALLOWED = N_("The portal does not let the owner of this token do that.")
ASK = N_("Ask the administrator of your agency for the right to publish, or use another token.")
NO_ANSWER = N_("The portal did not answer.")
RUN_AGAIN = N_("Run the same command again later: what landed is not brought twice.")
UNLIKE = N_("What the portal has is not what was brought.")
FILE_CHANGED = N_("Run the command again; do not change a file while it runs.")
PORTAL_SAYS = N_("The portal says: %(said)s")
MEND = N_("Mend this cell and run the command again.")


class Done(StrEnum):
    """What became of a dataset."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    POSTPONED = "postponed"


@dataclass(frozen=True)
class Problem:
    """Why a dataset did not land: of which field, what, and what to do."""

    field: str
    what: Message
    todo: Message
    code: str = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of a row."""

    want: Wanted
    done: Done
    entry: Entry | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def landed(self) -> bool:
        """Whether the portal holds it as the row asks."""
        return self.entry is not None


class _Wrong(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def bring(
    portal: Portal, want: Wanted, known: Entry | None, *, submit: bool, overwrite: bool = False
) -> Outcome:
    """Bring a dataset to its wanted state; whatever was done of it before is found, not done again.

    :param overwrite: whether a dataset that something else made may be changed.

    After an answer that was lost nobody knows whether the call counted: each try looks first.
    """
    look, problem = known is not None, None
    for attempt in range(TRIES):
        try:
            return _try(portal, want, known, look=look, submit=submit, overwrite=overwrite)
        except Again as busy:
            look = True
            if attempt < TRIES - 1:
                portal.rest(attempt, busy)
        except Refused as refused:
            return Outcome(want, Done.REFUSED, problems=tuple(problems(refused.errors)))
        except _Wrong as wrong:
            return Outcome(want, Done.REFUSED, problems=(wrong.problem,))
        except NotAllowed:
            problem = Problem("", Message(NOT_ALLOWED), Message(ASK), "not_allowed")
            return Outcome(want, Done.REFUSED, problems=(problem,))
        except OSError:
            problem = Problem("berkas", Message(UNLIKE), Message(FILE_CHANGED), "file_changed")
            return Outcome(want, Done.REFUSED, problems=(problem,))
    problem = Problem("", Message(NO_ANSWER), Message(RUN_AGAIN), "no_answer")
    return Outcome(want, Done.POSTPONED, problems=(problem,))


def _try(
    portal: Portal,
    want: Wanted,
    known: Entry | None,
    *,
    look: bool,
    submit: bool,
    overwrite: bool,
) -> Outcome:
    shown, created = _found_or_made(portal, want, known, look=look)
    dataset_id = str(shown["id"])
    same = known is not None and known.digest == want.digest and known.id == dataset_id
    acts = plan.missing(want, shown, also_fields=not same)
    # What this list made and did not finish has nothing to be changed, only files to be added.
    others = known is None and want.dataset.named and not created
    if others and not overwrite and (acts.changed or acts.replaced):
        what = Message(NOT_OURS, {"name": want.dataset.address})
        todo = Message(OVERWRITE, {"field": Message(label("name"))})
        raise _Wrong(Problem("name", what, todo, "not_ours"))
    if acts.changed:
        shown = portal.call("package_patch", {"id": dataset_id, **acts.changed})
    for file in acts.added:
        portal.call("resource_create", {"package_id": dataset_id, **_about(file)}, file)
    for resource_id, file in acts.replaced.items():
        portal.call("resource_patch", {"id": resource_id, **_about(file)}, file)
    if created or acts:
        shown = portal.shown(dataset_id)
        # Beside a decision some fields wait with the new file, as on the page.
        left = plan.missing(want, shown, also_fields=not shown.get("satudata_decision"))
        if left:
            field = next(iter(left.changed), "berkas")
            raise _Wrong(Problem(field, Message(UNLIKE), Message(FILE_CHANGED), "unlike"))
    submitted = bool(known and known.submitted and same)
    sent = submit and not submitted and _can_submit(shown)
    if sent:
        step = {"id": dataset_id, "transition": "submit", "wait": True}
        portal.call("satudata_classification_transition", step)
    entry = Entry(want.dataset.key, want.digest, dataset_id, submitted=submitted or sent)
    done = Done.CREATED if created else Done.CHANGED if acts or sent else Done.UNCHANGED
    return Outcome(want, done, entry)


def _found_or_made(
    portal: Portal, want: Wanted, known: Entry | None, *, look: bool
) -> tuple[Mapping[str, Any], bool]:
    """Return the dataset as the portal shows it, and whether it was made now."""
    name = want.dataset.address
    shown = portal.find(known.id if known else name) if look else None
    if shown is None:
        try:
            return portal.call("package_create", want.dataset.fields), True
        except Refused as refused:
            if "name" not in refused.errors:
                raise
            shown = portal.find(name)
            if shown is None:
                raise
    owner = (shown.get("organization") or {}).get("name")
    if known is None and owner != want.dataset.fields["owner_org"]:
        what = Message(OTHERS, {"name": name})
        todo = Message(OTHER_ADDRESS, {"field": Message(label("name"))})
        raise _Wrong(Problem("name", what, todo, "address_taken"))
    if shown.get("state") == "deleted":
        raise _Wrong(Problem("name", Message(DELETED), Message(OTHER_KEY), "deleted"))
    return shown, False


def _about(file: File) -> dict[str, str]:
    given = {"name": file.name, "description": file.about, "format": file.format}
    return {key: value for key, value in given.items() if value}


def _can_submit(shown: Mapping[str, Any]) -> bool:
    """Tell whether the dataset has a proposal that was not submitted yet."""
    case = shown.get("satudata_case")
    return bool(case) and case.get("state") == plan.PROPOSING


def problems(errors: Mapping[str, Any]) -> list[Problem]:
    """Return what the portal said, field by field.

    :param errors: field → texts, in lists or objects as deep as the portal nests them.
    """
    found = []
    for name, said in errors.items():
        for text in _texts(said):
            what = Message(PORTAL_SAYS, {"said": text})
            field = {"upload": "berkas", "url": "berkas", "resources": "berkas"}.get(name, name)
            found.append(Problem(field, what, Message(MEND)))
    return found or [Problem("", Message(PORTAL_SAYS, {"said": "409"}), Message(MEND))]


def _texts(said: Any) -> list[str]:
    if isinstance(said, Mapping):
        return [text for each in said.values() for text in _texts(each)]
    if isinstance(said, (list, tuple)):
        return [text for each in said for text in _texts(each)]
    return [str(said)]
