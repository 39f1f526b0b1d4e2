"""What an entry of the ledger says, as a sentence for people, and the words it is looked for by.

Pure. A sentence names the person, and the dataset where the reader may know of it; whoever asks
puts both in. Events that nobody has words for yet have a plain sentence, and are found under "all".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..messages import Message
from ..msgids import N_

GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "case": (
        N_("Classification and decisions"),
        ("case.", "proposal.", "finding.", "decision.", "batch."),
    ),
    "file": (
        N_("Files and datasets"),
        (
            "version.",
            "resource.",
            "dataset.",
            "plot.",
            "variable.",
            "series.",
            "figure.",
            "statistical.",
            "indicator.",
        ),
    ),
    "hold": (N_("Data held back"), ("hold.",)),
    "read": (N_("Reads of data that are not open"), ("data.read",)),
    "request": (
        N_("Requests for access and what was granted"),
        ("access_request.", "access_grant."),
    ),
    "incident": (N_("Incidents"), ("incident.",)),
    "duty": (
        N_("Members, duties and decrees"),
        ("member.", "membership.", "agency.", "delegation.", "decree.", "paper."),
    ),
    "account": (N_("Accounts"), ("account.",)),
    "emergency": (N_("Emergency access"), ("break_glass.",)),
    "smki": (N_("Information security"), ("smki.", "sop.")),
    "jepin": (N_("Apps and points of Jepin"), ("jepin.",)),
    "cooperation": (N_("Cooperation"), ("cooperation.", "training.")),
    "refused": (N_("Refused attempts"), ("refused", "refused.")),
    "rules": (
        N_("Rules and the ledger itself"),
        ("workflow.", "definition.", "ruleset.", "ledger.", "demo."),
    ),
}
"""Name → what people call it, and its events; a dot ends the beginning of one."""

SAID: Mapping[str, str] = {
    "case.open": N_("%(person)s opened a classification case of %(dataset)s."),
    "case.submit": N_("%(person)s submitted %(dataset)s for checking."),
    "case.adopt": N_("%(person)s took %(dataset)s over from the old portal."),
    "case.withdraw": N_("%(person)s withdrew the case of %(dataset)s."),
    "case.recall": N_("%(person)s took the case of %(dataset)s back to go on with it."),
    "case.return": N_("%(person)s returned %(dataset)s to its agency."),
    "case.refer": N_("%(person)s referred %(dataset)s to PPID."),
    "case.assess": N_(
        "%(person)s tested the consequences of opening %(dataset)s and proposed to close it."
    ),
    "case.declare_open": N_(
        "%(person)s tested the consequences of opening %(dataset)s and proposed to open it."
    ),
    "case.send_back": N_("%(person)s sent %(dataset)s back to PPID."),
    "case.approve": N_("%(person)s approved the decision on %(dataset)s."),
    "batch.decide": N_("%(person)s decided several cases together, after opening a sample."),
    "case.renew": N_("%(person)s approved new files of %(dataset)s under the decision in force."),
    "case.accept": N_("%(person)s accepted %(dataset)s for another agency."),
    "case.clock": N_("%(dataset)s is to be reviewed: its time has come."),
    "case.renew_bytes": N_("%(person)s brought the bytes of %(dataset)s anew."),
    "proposal.change": N_("%(person)s changed the proposed classification of %(dataset)s."),
    "finding.resolve": N_("%(person)s said of a finding in %(dataset)s what it is."),
    "finding.carry": N_(
        "What was said of the signature in a file of %(dataset)s stands for the next file."
    ),
    "version.add": N_("%(person)s brought a file of %(dataset)s."),
    "version.found": N_("A file of %(dataset)s was found to be another one than recorded."),
    "version.purge": N_("Files of %(dataset)s were purged after their time."),
    "resource.remove": N_("%(person)s removed a file of %(dataset)s."),
    "dataset.change": N_("%(person)s changed %(dataset)s."),
    "dataset.purge": N_("%(person)s removed %(dataset)s for good."),
    "dataset.retype": N_("The type of %(dataset)s was corrected."),
    "plot.reset": N_("%(person)s chose the picture of %(dataset)s anew."),
    "hold.create": N_("%(person)s held %(dataset)s back."),
    "hold.confirm": N_("%(person)s confirmed that %(dataset)s is held back."),
    "hold.release": N_("%(person)s gave %(dataset)s free again."),
    "decision.older": N_("%(person)s said whether older versions of %(dataset)s are given."),
    "data.read": N_("%(person)s read data of %(dataset)s that are not open."),
    "access_request.create": N_("%(person)s asked for access to %(dataset)s."),
    "access_request.confirm": N_(
        "A request for access to %(dataset)s was confirmed by its mailbox."
    ),
    "access_request.grant": N_("%(person)s granted access to %(dataset)s."),
    "access_request.refuse": N_("%(person)s refused access to %(dataset)s."),
    "access_request.extend": N_(
        "%(person)s prolonged the time to answer a request for access to %(dataset)s."
    ),
    "access_request.object": N_("%(person)s objected to the answer about access to %(dataset)s."),
    "access_grant.claim": N_("%(person)s took up the access to %(dataset)s that was granted."),
    "access_grant.carry": N_("A grant of access to %(dataset)s went on under a new decision."),
    "access_grant.revoke": N_("%(person)s took back the access to %(dataset)s."),
    "access_grant.end": N_("A grant of access to %(dataset)s ended."),
    "incident.begin": N_("An incident of %(dataset)s began."),
    "incident.extend": N_("More was added to an incident of %(dataset)s."),
    "incident.report": N_("%(person)s wrote a report on an incident of %(dataset)s."),
    "incident.dismiss": N_("%(person)s dismissed an incident of %(dataset)s."),
    "incident.conclude": N_("%(person)s concluded an incident of %(dataset)s."),
    "member.add": N_("%(person)s made somebody a member of an agency."),
    "member.change": N_("%(person)s changed a membership of an agency."),
    "member.remove": N_("%(person)s ended a membership of an agency."),
    "membership.propose": N_("%(person)s proposed a membership of an agency."),
    "membership.confirm": N_("%(person)s confirmed a proposed membership of an agency."),
    "membership.decline": N_("%(person)s declined a proposed membership of an agency."),
    "membership.withdraw": N_("%(person)s withdrew a proposed membership of an agency."),
    "delegation.create": N_("%(person)s delegated the duties of an agency for a time."),
    "delegation.revoke": N_("%(person)s ended a delegation of duties."),
    "decree.record": N_("%(person)s recorded a decree (SK)."),
    "paper.record": N_("%(person)s brought a signed paper."),
    "account.create": N_("An account was made."),
    "account.change": N_("An account was changed."),
    "account.password": N_("%(person)s set a new password."),
    "account.sessions": N_("%(person)s ended the sessions of an account."),
    "account.factor": N_("%(person)s set up a second factor."),
    "account.factor_codes": N_("%(person)s made new emergency codes for the second factor."),
    "account.factor_reset": N_("%(person)s reset the second factor of an account."),
    "account.token": N_("%(person)s made a token of an account for programs."),
    "account.tokens": N_("%(person)s ended the API tokens of an account."),
    "account.access": N_("%(person)s changed how an account is logged in to."),
    "break_glass.start": N_("%(person)s began emergency access."),
    "break_glass.end": N_("%(person)s ended emergency access."),
    "sop.drafted": N_("%(person)s drafted a revision of an SOP."),
    "sop.checked": N_("%(person)s checked a revision of an SOP."),
    "sop.approved": N_("%(person)s approved a revision of an SOP with its signed paper."),
    "sop.reviewed": N_("%(person)s looked at an SOP in force again."),
    "sop.acknowledged": N_("%(person)s acknowledged a revision of an SOP."),
    "jepin.start": N_("%(person)s took %(dataset)s into use."),
    "jepin.disturb": N_("%(person)s recorded a disturbance of %(dataset)s."),
    "jepin.restore": N_("%(person)s recorded that %(dataset)s works again."),
    "jepin.question": N_("%(person)s began a review of whether %(dataset)s goes on."),
    "jepin.keep": N_("%(person)s said why %(dataset)s goes on."),
    "jepin.retire": N_("%(person)s switched %(dataset)s off."),
    "jepin.merge": N_("%(person)s merged %(dataset)s into another app."),
    "jepin.revive": N_("%(person)s took %(dataset)s up again."),
    "jepin.linked": N_("%(person)s changed what %(dataset)s has to do with others."),
    "jepin.secured": N_("%(person)s changed security facts of %(dataset)s."),
    "jepin.lack_answer": N_("%(person)s answered what the app %(dataset)s lacks."),
    "jepin.costs": N_("%(person)s brought what apps and datasets cost."),
    "figure.answer": N_("%(person)s answered for a figure of %(dataset)s that does not agree."),
    "variable.say": N_("%(person)s said of a column of %(dataset)s what it is."),
    "variable.carry": N_(
        "%(person)s took over what an earlier dataset says of the columns of %(dataset)s."
    ),
    "series.join": N_("%(person)s made %(dataset)s part of a series."),
    "series.leave": N_("%(person)s took %(dataset)s out of a series."),
    "statistical.begin": N_("%(person)s described a statistical activity."),
    "statistical.change": N_("%(person)s changed what is said of a statistical activity."),
    "statistical.attach": N_("%(person)s said which statistical activity %(dataset)s comes from."),
    "statistical.detach": N_(
        "%(person)s said that %(dataset)s comes from no statistical activity."
    ),
    "indicator.say": N_("%(person)s said of an indicator of %(dataset)s what it is."),
    "indicator.remove": N_("%(person)s took an indicator out of %(dataset)s."),
    "jepin.agreed": N_("%(person)s brought a list of agreed data."),
    "jepin.agreed_fulfil": N_("%(person)s named %(dataset)s as what fulfils agreed data."),
    "jepin.agreed_release": N_("%(person)s said that %(dataset)s fulfils agreed data no more."),
    "jepin.wish_step": N_("%(person)s answered what data the public asks for."),
    "jepin.wish_official": N_("Somebody made what they ask for a request for public information."),
    "jepin.wish_objection": N_("Somebody objected to an answer on public information."),
    "jepin.reuse_step": N_("%(person)s answered a work that was made of the data."),
    "jepin.reuse_withdrawn": N_("Somebody withdrew a work that was made of the data."),
    "jepin.reuse_report": N_("Somebody reported something of a work that was made of the data."),
    "jepin.reuse_report_answer": N_(
        "%(person)s answered what was reported of a work that was made of the data."
    ),
    "jepin.report": N_("Somebody reported something of %(dataset)s."),
    "jepin.report_answer": N_("%(person)s answered what was reported of %(dataset)s."),
    "smki.role_laid": N_("%(person)s laid a role of information security on somebody."),
    "smki.role_ended": N_("%(person)s ended somebody's role of information security."),
    "smki.task_opened": N_("A task of information security was handed out."),
    "smki.task_handed_on": N_("A task of information security went to somebody else."),
    "smki.task_done": N_("%(person)s recorded a task of information security as done."),
    "smki.task_mended": N_("A task ended because its control holds again."),
    "smki.entry_saved": N_("%(person)s wrote in a register of information security."),
    "smki.entry_ended": N_("%(person)s ended a line of a register of information security."),
    "smki.entry_filled": N_("The portal brought a register of information security up to date."),
    "smki.advisories": N_("A list of known weaknesses of libraries was taken over."),
    "smki.advisories_added": N_("Known weaknesses of libraries were added to the register."),
    "smki.version": N_("Another version of the portal runs from here on."),
    "smki.risk_accepted": N_("%(person)s accepted what is left of a risk."),
    "smki.review_held": N_("%(person)s held the management review of information security."),
    "smki.review_decided": N_("%(person)s recorded a decision of the management review."),
    "smki.right_confirmed": N_("%(person)s confirmed a right line by line."),
    "smki.right_withdrawn": N_("%(person)s said that a right is to be withdrawn."),
    "smki.checked": N_("%(person)s answered the audit's checklist for a control."),
    "smki.sample": N_("%(person)s drew a sample of the ledger for an audit."),
    "smki.finding_opened": N_("%(person)s opened a finding of the internal audit."),
    "smki.finding_answer": N_("%(person)s answered a finding of the internal audit."),
    "smki.finding_return": N_("%(person)s gave a finding of the internal audit back."),
    "smki.finding_close": N_("%(person)s closed a finding of the internal audit."),
    "smki.incident_report": N_("%(person)s reported an incident of information security."),
    "smki.incident_measure": N_(
        "%(person)s wrote down a measure in an incident of information security."
    ),
    "smki.incident_named": N_("An incident of information security concerns %(dataset)s."),
    "smki.incident_taken_out": N_(
        "An incident of information security does not concern %(dataset)s after all."
    ),
    "smki.incident_looked": N_(
        "%(person)s looked who had %(dataset)s since an incident of information security."
    ),
    "smki.incident_concluded": N_(
        "An incident of information security that concerns %(dataset)s was concluded."
    ),
    "smki.incident_judge": N_("%(person)s judged an incident of information security anew."),
    "smki.incident_conclude": N_("%(person)s concluded an incident of information security."),
    "smki.subject_record": N_("%(person)s recorded a request of a data subject."),
    "smki.subject_identify": N_("%(person)s wrote down by what it was shown who asks."),
    "smki.subject_named": N_("A request of a data subject concerns %(dataset)s."),
    "smki.subject_taken_out": N_(
        "A request of a data subject does not concern %(dataset)s after all."
    ),
    "smki.subject_answer": N_("%(person)s answered a request of a data subject."),
    "smki.destruction_propose": N_("%(person)s proposed to destroy data of %(dataset)s."),
    "smki.destruction_approve": N_("%(person)s approved the destruction of data of %(dataset)s."),
    "smki.destruction_refuse": N_("The destruction of data of %(dataset)s was refused."),
    "smki.destruction_done": N_("Data of %(dataset)s were destroyed; nothing was left."),
    "smki.assessment_write": N_("%(person)s wrote an impact assessment of a dataset."),
    "smki.assessment_conclude": N_("%(person)s concluded an impact assessment of a dataset."),
    "cooperation.task_hand": N_("%(person)s handed a task to another agency."),
    "cooperation.task_take": N_("%(person)s took a task of another agency."),
    "cooperation.task_send_back": N_("%(person)s sent a task of another agency back."),
    "cooperation.task_answer": N_("%(person)s answered a task of another agency."),
    "cooperation.task_hand_on": N_("%(person)s handed a task that came back to another agency."),
    "cooperation.task_ask_again": N_("%(person)s asked once more in a task of another agency."),
    "cooperation.task_close": N_("%(person)s closed a task between agencies."),
    "cooperation.task_note": N_("%(person)s wrote a note in a task between agencies."),
    "cooperation.task_risen": N_("A task between agencies rose to the Forum Satu Data."),
    "cooperation.question_asked": N_("%(person)s asked the help desk."),
    "cooperation.question_answered": N_("%(person)s answered a question to the help desk."),
    "cooperation.question_risen": N_("A question to the help desk rose to the Forum Satu Data."),
    "cooperation.help_accepted": N_("%(person)s made a text of help of an answer."),
    "cooperation.help_withdrawn": N_("%(person)s took a text of help back."),
    "training.begun": N_("%(person)s began a tour, to practise."),
    "training.step": N_("%(person)s did a step of a tour, to practise."),
    "training.failed": N_("%(person)s tried the quiz of a tour."),
    "training.passed": N_("%(person)s passed the quiz of a tour."),
    "cooperation.forum_held": N_("%(person)s recorded a meeting of the Forum Satu Data."),
    "cooperation.forum_decided": N_("%(person)s recorded a decision of the Forum Satu Data."),
    "jepin.target": N_("%(person)s named the addresses of the app %(dataset)s."),
    "jepin.alarm": N_("The app %(dataset)s cannot be opened as it should."),
    "jepin.back": N_("The app %(dataset)s can be opened again."),
    "smki.control": N_("A control of information security stands otherwise than before."),
    "refused.again": N_("%(person)s was refused again several times within a minute."),
    "refused.anonymous": N_("People who were not logged in were refused."),
    "workflow.change": N_("A workflow was recorded that is in force from here on."),
    "definition.change": N_("Other definitions are in force from here on."),
    "ruleset.enforce": N_("%(person)s let newer rules of the scan count."),
    "demo.begin": N_("A demonstration begins: up to its end, times were set and people made up."),
    "demo.end": N_("The demonstration has its past: from here on, times are real."),
    "ledger.adopt": N_("The entries of the older ledger were taken into this one."),
    "ledger.forget": N_("Names and texts beside entries were erased, as the law asks for."),
}
FAMILIES: Mapping[str, str] = {
    "case.": N_("%(person)s took a step in the case of %(dataset)s."),
    "access_request.": N_("A request for access to %(dataset)s went on."),
    "incident.": N_("An incident of %(dataset)s went on."),
    "hold.": N_("%(person)s changed a hold of %(dataset)s."),
    "member.": N_("Memberships of an agency were changed."),
    "agency.": N_("%(person)s changed an agency or its duties."),
    "account.": N_("%(person)s changed an account."),
}
OTHER = N_("%(person)s did something that has no words here yet.")
REFUSED = N_("%(person)s tried %(act)s and was refused. It was about %(dataset)s.")
REFUSED_ALONE = N_("%(person)s tried %(act)s and was refused.")

ACTS: Mapping[str, str] = {
    "satudata_classification_": N_("a step of a case"),
    "satudata_finding_": N_("to resolve a finding"),
    "satudata_hold_": N_("to place or lift a hold"),
    "satudata_sealed_": N_("to purge sealed files"),
    "satudata_version_mask": N_("to mask a file"),
    "satudata_access_": N_("to decide on access"),
    "satudata_delegation_": N_("to change a delegation"),
    "satudata_decree_": N_("to record a decree"),
    "satudata_signed_paper_": N_("to bring a signed paper"),
    "satudata_membership_": N_("to change a membership"),
    "satudata_break_glass_": N_("to use emergency access"),
    "satudata_reuse_": N_("to answer a proposed work"),
    "satudata_wish_": N_("to answer what data the public asks for"),
    "satudata_jepin_security_": N_("to see or change security facts of an app"),
    "satudata_jepin_": N_("to change an app in the register"),
    "satudata_smki_role_": N_("to change a role of information security"),
    "satudata_smki_entry_": N_("to change a register of information security"),
    "satudata_smki_risk_": N_("to accept a risk"),
    "satudata_sop_": N_("to see or change the revisions of an SOP"),
    "satudata_smki_destruction_": N_("to have data destroyed"),
    "satudata_smki_": N_("to see or do what belongs to information security"),
    "satudata_ledger_": N_("to read the ledger"),
    "satudata_second_factor_": N_("to reset a second factor"),
    "organization_": N_("to change an agency or its members"),
    "member_": N_("to change an agency or its members"),
    "api_token_": N_("to make a token"),
    "user_": N_("to change an account"),
    "package_": N_("to change a dataset"),
    "dataset_": N_("to change a dataset"),
    "resource_": N_("to change a file"),
    "datastore_": N_("to read or change a table"),
    "download": N_("to download a file"),
    "satudata_downloads": N_("to download a file"),
}
ANY_ACT = N_("something on the portal")


def sentence(event: str, outcome: str, detail: Mapping[str, Any], about: bool) -> Message:
    """Return what an entry says; whoever asks puts in ``{person}`` and ``{dataset}``.

    :param about: the entry is about a dataset.
    """
    if outcome == "refused" and event not in SAID:
        door = str(detail.get("action") or event)
        act = next((text for begin, text in ACTS.items() if door.startswith(begin)), ANY_ACT)
        return Message(REFUSED if about else REFUSED_ALONE, {"act": Message(act)})
    said = SAID.get(event)
    if said is None:
        said = next((text for name, text in FAMILIES.items() if event.startswith(name)), OTHER)
    return Message(said)


def events_of(group: str) -> tuple[str, ...]:
    """Return the events of a group, or their beginnings; nothing of an unknown one."""
    return GROUPS[group][1] if group in GROUPS else ()
