"""Who may call the actions of information-security management."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ..agencies import registry
from . import findings, registers, role_actions
from .records import roles
from .rules.registers import registers as definition

OF_REGISTERS = (
    "register_list",
    "entry_list",
    "entry_show",
    "entry_save",
    "entry_end",
    "risk_accept",
)
INSIDE = (
    "board",
    "control_show",
    "task_list",
    "task_show",
    "task_begin",
    "task_do",
    "plan",
    "programme",
    "checklist",
    "check_show",
    "check_record",
    "review",
    "review_hold",
    "review_decide",
    "review_list",
    "review_show",
    "role_list",
    "finding_list",
    "finding_show",
    "finding_step",
)
OF_INCIDENTS = (
    "report",
    "list",
    "show",
    "measure",
    "judge",
    "conclude",
    "dataset_add",
    "dataset_remove",
    "exposure",
)
OF_SUBJECTS = ("record", "identify", "dataset_add", "dataset_remove", "answer", "list", "show")
OF_DESTRUCTIONS = ("check", "propose", "approve", "refuse", "list", "show")
OF_ASSESSMENTS = ("show", "write", "conclude", "list")
OF_COOPERATION = (
    "agency_task_create",
    "agency_task_step",
    "agency_task_list",
    "agency_task_show",
    "forum_agenda",
    "forum_list",
    "forum_show",
    "forum_hold",
    "forum_decide",
    "agency_office",
    "training_list",
    "training_show",
    "training_begin",
    "training_step",
    "training_quiz",
    "question_create",
    "question_list",
    "question_show",
    "question_answer",
    "question_accept",
    "help_list",
    "help_withdraw",
)
OF_AUDIT = ("sample_draw", "sample_list", "finding_open")


@tk.auth_sysadmins_check
def _inside(context: types.Context, data_dict: Any) -> types.AuthResult:
    if roles.inside(registry.actor_from_context(context)):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("This is for whoever carries a role of information security, by decree."),
    }


@tk.auth_sysadmins_check
def _reads_registers(context: types.Context, data_dict: Any) -> types.AuthResult:
    if registers.any_of(registry.actor_from_context(context)):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._(
            "This is for whoever carries a role of information security, or brings data for an "
            "agency."
        ),
    }


@tk.auth_sysadmins_check
def _works_here(context: types.Context, data_dict: Any) -> types.AuthResult:
    actor = registry.actor_from_context(context)
    if actor.active and (actor.member_of or roles.inside(actor)):
        return {"success": True}
    return {"success": False, "msg": tk._("This is for the members of an agency.")}


@tk.auth_sysadmins_check
def _audits(context: types.Context, data_dict: Any) -> types.AuthResult:
    if findings.AUDITOR in roles.carried_by(registry.actor_from_context(context)):
        return {"success": True}
    return {"success": False, "msg": tk._("This is for the internal auditor.")}


@tk.auth_sysadmins_check
def _lays(context: types.Context, data_dict: Any) -> types.AuthResult:
    if role_actions.may_lay(context):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Roles are laid on people by Walidata or a system administrator, by decree."),
    }


@tk.auth_sysadmins_check
def _reads_people(context: types.Context, data_dict: Any) -> types.AuthResult:
    carried = roles.carried_by(registry.actor_from_context(context))
    if registers.reads_whole(definition().registers[registers.PEOPLE], carried):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("This is for who keeps or audits the register of people."),
    }


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this room by name."""
    return {
        **{f"satudata_smki_{name}": _inside for name in INSIDE},
        **{f"satudata_smki_{name}": _reads_registers for name in OF_REGISTERS},
        **{f"satudata_smki_{name}": _audits for name in OF_AUDIT},
        **{f"satudata_smki_incident_{name}": _works_here for name in OF_INCIDENTS},
        **{f"satudata_smki_subject_{name}": _works_here for name in OF_SUBJECTS},
        **{f"satudata_smki_{name}": _reads_people for name in ("rights_list", "rights_answer")},
        **{f"satudata_smki_destruction_{name}": _works_here for name in OF_DESTRUCTIONS},
        **{f"satudata_smki_assessment_{name}": _works_here for name in OF_ASSESSMENTS},
        **{f"satudata_{name}": _works_here for name in OF_COOPERATION},
        "satudata_smki_role_create": _lays,
        "satudata_smki_role_end": _lays,
    }
