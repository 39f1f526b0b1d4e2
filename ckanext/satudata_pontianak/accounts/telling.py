"""What the owner of an account is told of it, as a notice and by its mail. Jobs get ids only."""

from __future__ import annotations

from ckan import model

from .. import days
from ..classification.notices import notices

TRIES = "account_tries"
PASSWORD = "account_password"  # noqa: S105 - the name of a kind of notice
ACCESS = "account_access"
FACTOR = "account_factor"
FACTOR_RESET = "account_factor_reset"


def tries(user_id: str) -> None:
    """Tell somebody, once a day, that their account is being tried. A job; commits."""
    if user_id and model.User.get(user_id) is not None:
        about = f"{user_id}:{days.today().isoformat()}"
        notices.tell(model.Session, TRIES, [user_id], about=about)
        model.Session.commit()


def changed(user_id: str, kind: str) -> None:
    """Tell somebody that their account was changed, in the caller's transaction."""
    notices.tell(model.Session, kind, [user_id])
