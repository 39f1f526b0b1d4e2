"""The words of this room in the reader's language: of refusals, and what people are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ..msgids import N_
from .rules.duties import LABELS, Duty
from .rules.memberships import DECREE_LENGTH, Against, Part, Refusal
from .rules.objection import Objection

PROPOSALS = "/satudata/keanggotaan"
"""The page on which a membership is proposed, and confirmed by somebody else."""


THE_PORTAL = N_("The portal")
"""What the account is called by which the site acts by itself."""


def names_of(ids: Iterable[str | None]) -> dict[str, str]:
    """Return id → what a person is called; one query."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    user = model.User
    query = sa.select(user.id, user.fullname, user.name).where(user.id.in_(wanted))
    return {row.id: called(row.name, row.fullname) for row in model.Session.execute(query)}


def called(name: str, fullname: str | None = None) -> str:
    """Return what the account of a name is called."""
    return tk._(THE_PORTAL) if name == tk.config["ckan.site_id"] else fullname or name


def duty_label(duty: Duty | str) -> str:
    """A duty as people call it, or the operator, who takes steps by command and has no duty."""
    return tk._(LABELS[duty])


def not_sysadmin(part: Part) -> str:
    """Why somebody who administers an agency may not change this of it."""
    words: dict[Part, Callable[[], str]] = {
        Part.ROLES: lambda: tk._(
            "Duties of an agency are changed by a system administrator with a decree number"
        ),
        Part.PARENT: lambda: tk._(
            "The parent of an agency is changed by a system administrator with a decree number"
        ),
        Part.MEMBERS: lambda: tk._(
            "Members of a body that decides are changed by a system administrator with a decree "
            "number"
        ),
        Part.STATE: lambda: tk._("Agencies are opened and closed by a system administrator"),
    }
    return words[part]()


def no_such_account(names: str) -> str:
    """What is told of members that no account is: nothing was written."""
    text = tk._(
        "No account is called %(names)s, so nothing was saved. Correct the name, or leave it out."
    )
    return text % {"names": names}


def field_of(refusal: Refusal) -> str:
    """The form field where the refusal is shown."""
    if refusal.against in (Against.NO_DECREE, Against.DECREE_TOO_LONG):
        return "nomor_sk"
    return refusal.part.value


def explain(refusal: Refusal) -> str:
    """Say what is wrong and what to do."""
    words: dict[Against, Callable[[], str]] = {
        Against.NOT_SYSADMIN: lambda: not_sysadmin(refusal.part),
        Against.NO_DECREE: lambda: tk._(
            "Give the number of the decree as well: it is recorded with the change"
        ),
        Against.DECREE_TOO_LONG: lambda: tk._(
            "The decree number must not be longer than {number} characters"
        ).format(number=DECREE_LENGTH),
        Against.SECOND_BODY: lambda: tk._(
            '"{agency}" already holds the duty "{duty}", which only one body can hold. Take it '
            "from there first"
        ).format(agency=refusal.body, duty=duty_label(refusal.duty or "")),
        Against.LOOP: lambda: tk._("An agency cannot stand below itself"),
        Against.CAPACITY: lambda: tk._(
            '"{capacity}" is not a capacity. Possible are: admin, editor, member'
        ).format(capacity=refusal.body),
        Against.DEPENDENT: dependent,
        Against.LASTING: lasting,
    }
    return words[refusal.against]()


def dependent() -> str:
    """Why a system administrator gives no membership to themselves or to an account of theirs."""
    return tk._(
        "A membership or a duty for yourself, or for an account that you or whoever made yours "
        "made or set a password for, is confirmed by somebody else: propose it on the page {page}, "
        "let another system administrator make this change, or "
        "start emergency access for the whole site"
    ).format(page=PROPOSALS)


def lasting() -> str:
    """Why emergency access gives no duty that would outlast it."""
    return tk._(
        "This change gives a duty to yourself, or to an account that you or whoever made yours "
        "made or set a password for, and would not end with your emergency access. Let another "
        "system administrator make it"
    )


def unknown_parent(name: str) -> str:
    """The parent that was named is no open agency."""
    return tk._('There is no agency "{name}" that could be the parent').format(name=name)


def second_parent() -> str:
    """A second parent was asked for."""
    return tk._("An agency has one parent. Change it on the form of the agency")


def agency_not_group() -> str:
    """A door for groups was used on an agency."""
    return tk._("This is an agency. Use the actions for organizations")


def no_new_agencies() -> str:
    """Why an ordinary person creates or closes no agency."""
    return tk._("Agencies are opened and closed by a system administrator")


def refused(objections: Iterable[Objection]) -> tk.ValidationError:
    """Return objections as CKAN's error, by parameter; the caller raises it."""
    errors: dict[str, list[str]] = {}
    for key, message in objections:
        errors.setdefault(key, []).append(message.text(tk._))
    return tk.ValidationError({**errors})
