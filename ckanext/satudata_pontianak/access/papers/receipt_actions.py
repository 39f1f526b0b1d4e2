"""Look up a receipt or a file, as anybody; the answer is for whoever asks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ...agencies import registry
from ...agencies.rules.objection import is_text
from ...ledger import codes
from . import receipts
from .answers import Known

LONGEST = 100


@tk.side_effect_free
def satudata_receipt_show(context: Context, data_dict: DataDict) -> Known:
    """Return what a receipt or a file is of, to who may know it.

    What the caller may not know of, and bytes that they may not have, answer as what is not there.
    A file that was saved anew has another hash.

    :param code: the code of a receipt, or
    :param sha256: the SHA-256 of a file, 64 hexadecimal digits
    """
    tk.check_access("satudata_receipt_show", context, data_dict)
    code, sha256 = data_dict.get("code") or None, data_dict.get("sha256") or None
    if (code is None) == (sha256 is None):
        raise tk.ValidationError({"code": [tk._("Give one of them: code or sha256.")]})
    actor = registry.actor_from_context(context)
    if sha256 is not None:
        return receipts.of_bytes(actor, _digits(sha256))
    return receipts.of_code(actor, _code(code))


def _digits(value: Any) -> str:
    plain = value.strip().lower() if isinstance(value, str) else ""
    if len(plain) != 64 or set(plain) - set("0123456789abcdef"):
        raise tk.ValidationError({"sha256": [tk._("A hash is 64 digits from 0 to 9 and a to f.")]})
    return plain


def _code(value: Any) -> str:
    readable = isinstance(value, str) and len(value) <= LONGEST and is_text(value)
    found, _ = codes.found(value) if readable else ([], False)
    if len(found) != 1:
        text = tk._("This is no code of a receipt: compare it with the original, sign by sign.")
        raise tk.ValidationError({"code": [text]})
    return found[0]


@tk.auth_allow_anonymous_access
def _anybody(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody may ask; what is told is asked of the policy."""
    return {"success": True}


def get_actions() -> dict[str, Any]:
    """Return the actions of this module."""
    return {"satudata_receipt_show": satudata_receipt_show}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this module."""
    return {"satudata_receipt_show": _anybody}
