"""Second factors as they are kept: set up, asked for, and taken away.

Secrets stand encrypted in the database, printed codes as digests; neither is ever in a log, in the
ledger or in an answer of the API. Each code is taken once, also when two ask at the same moment:
the database says who was first.
"""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.dialects.postgresql import insert

from ckan import model

from .. import clock, config
from ..agencies import registry
from ..agencies.rules.duties import Duty
from ..classification.records.model import new_id
from ..classification.rules.definition import workflow
from ..surface.accounts import accounts
from . import factor_key, limits, second_factor
from .model import Factor, RecoveryCode, now


@lru_cache(maxsize=1)
def deciding() -> frozenset[Duty]:
    """Return the duties whose holders take a step in the workflow, beyond producing data."""
    return second_factor.deciding(step.by for step in workflow().transitions.values())


def is_needed(user: model.User) -> bool:
    """Tell whether this site asks this person for a second factor."""
    if not config.second_factor():
        return False
    return second_factor.is_needed(registry.actor_for(user), deciding())


def of(user_id: str) -> Factor | None:
    """Return the second factor that a person has set up and confirmed."""
    query = sa.select(Factor).where(Factor.user_id == user_id, Factor.confirmed_at.is_not(None))
    return model.Session.scalars(query).one_or_none()


def any_stored() -> bool:
    """Tell whether anybody has a second factor, or is setting one up."""
    return model.Session.scalar(sa.select(Factor.user_id).limit(1)) is not None


def begin(user_id: str) -> str:
    """Return the key of a factor that is being set up, the same until it is confirmed; commit."""
    if not any_stored():
        factor_key.make_missing()  # never beside factors that another key opens
    row = Factor(user_id=user_id, id=new_id(), secret=_sealed(second_factor.new_secret()))
    values = {c.key: getattr(row, c.key) for c in Factor.__table__.columns if c.key != "made_at"}
    statement = insert(Factor).values(**values, made_at=now()).on_conflict_do_nothing()
    model.Session.execute(statement)
    secret = model.Session.scalar(sa.select(Factor.secret).where(Factor.user_id == user_id))
    model.Session.commit()
    return _opened(str(secret))


def confirm(user_id: str, code: str) -> list[str] | None:
    """Confirm a factor by its first code; return the printed codes, ``None`` for a wrong one.

    The caller commits.
    """
    factor = _locked(user_id)
    if factor is None or factor.confirmed_at is not None:
        return None
    step = _step(factor, code)
    if step is None:
        return None
    factor.confirmed_at, factor.last_step = now(), step
    model.Session.flush()
    return print_codes(user_id)


def print_codes(user_id: str) -> list[str]:
    """Return new printed codes; those of before are worth nothing. The caller commits."""
    codes = second_factor.new_recovery_codes(accounts().second_factor.recovery_codes)
    key = factor_key.read()
    model.Session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    rows = [{"user_id": user_id, "digest": second_factor.digest(key, user_id, c)} for c in codes]
    model.Session.execute(sa.insert(RecoveryCode).values(rows))
    return codes


def codes_left(user_id: str) -> int:
    """Return how many printed codes were not used."""
    query = sa.select(sa.func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return int(model.Session.scalar(query) or 0)


def take(user_id: str, typed: str) -> bool:
    """Take a code of the telephone or a printed one, once; commit."""
    code = second_factor.normal(typed)
    taken = _take_step(user_id, code) or _take_printed(user_id, code)
    model.Session.commit()
    return taken


def may_try(user_id: str, device: str | None) -> bool:
    """Count a try of a code, on this device or on all that are not known."""
    name = limits.under("code", user_id, device or "")
    return limits.take(accounts().tries.code, name)


def was_right(user_id: str, device: str | None) -> None:
    """Forget the wrong codes of before."""
    limits.clear(accounts().tries.code, limits.under("code", user_id, device or ""))


def remove(user_id: str) -> bool:
    """Take a factor and its printed codes away; tell whether there was one. The caller commits."""
    model.Session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = model.Session.execute(sa.delete(Factor).where(Factor.user_id == user_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def _locked(user_id: str) -> Factor | None:
    query = sa.select(Factor).where(Factor.user_id == user_id).with_for_update()
    return model.Session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _step(factor: Factor, code: str) -> int | None:
    drift = accounts().second_factor.drift_steps
    secret = _opened(factor.secret)
    return second_factor.matching_step(
        secret, second_factor.normal(code), clock.now().timestamp(), drift
    )


def _take_step(user_id: str, code: str) -> bool:
    factor = of(user_id)
    step = _step(factor, code) if factor is not None else None
    if factor is None or step is None:
        return False
    statement = (
        sa.update(Factor)
        .where(
            Factor.user_id == user_id,
            Factor.id == factor.id,
            sa.or_(Factor.last_step.is_(None), Factor.last_step < step),
        )
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(model.Session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _take_printed(user_id: str, code: str) -> bool:
    statement = (
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.digest == second_factor.digest(factor_key.read(), user_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    return bool(model.Session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _sealed(secret: str) -> str:
    return Fernet(factor_key.read()).encrypt(secret.encode()).decode()


def _opened(sealed: str) -> str:
    try:
        return Fernet(factor_key.read()).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise factor_key.FactorKeyError(
            f"{factor_key.key_file()} is another key than the one that a factor was sealed with"
        ) from None
