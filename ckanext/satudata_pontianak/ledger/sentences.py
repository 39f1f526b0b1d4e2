"""What an entry of the ledger says, as a sentence for people, and the words it is looked for by.

Pure. A sentence names the person, and the dataset where the reader may know of it; whoever asks
puts both in. Events that nobody has words for yet have a plain sentence, and are found under "all".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..msgids import N_
from .words import Sentence

GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "case": (N_("Classification and decisions"), ("case.", "proposal.", "finding.")),
    "file": (
        N_("Files and datasets"),
        ("version.", "resource.", "dataset.", "plot."),
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
    "refused": (N_("Refused attempts"), ("refused", "refused.")),
    "rules": (
        N_("Rules and the ledger itself"),
        ("workflow.", "definition.", "ruleset.", "ledger."),
    ),
}
"""Name → what people call it, and its events; a dot ends the beginning of one."""

SAID: Mapping[str, str] = {
    "case.open": N_("{person} opened a classification case of {dataset}."),
    "case.submit": N_("{person} submitted {dataset} for checking."),
    "case.adopt": N_("{person} took {dataset} over from the old portal."),
    "case.withdraw": N_("{person} withdrew the case of {dataset}."),
    "case.recall": N_("{person} took the case of {dataset} back to go on with it."),
    "case.return": N_("{person} returned {dataset} to its agency."),
    "case.refer": N_("{person} referred {dataset} to PPID."),
    "case.assess": N_(
        "{person} tested the consequences of opening {dataset} and proposed to close it."
    ),
    "case.declare_open": N_(
        "{person} tested the consequences of opening {dataset} and proposed to open it."
    ),
    "case.send_back": N_("{person} sent {dataset} back to PPID."),
    "case.approve": N_("{person} approved the decision on {dataset}."),
    "case.renew": N_("{person} approved new files of {dataset} under the decision in force."),
    "case.accept": N_("{person} accepted {dataset} for another agency."),
    "case.clock": N_("{dataset} is to be reviewed: its time has come."),
    "case.renew_bytes": N_("{person} brought the bytes of {dataset} anew."),
    "proposal.change": N_("{person} changed the proposed classification of {dataset}."),
    "finding.resolve": N_("{person} said of a finding in {dataset} what it is."),
    "version.add": N_("{person} brought a file of {dataset}."),
    "version.found": N_("A file of {dataset} was found to be another one than recorded."),
    "version.purge": N_("Files of {dataset} were purged after their time."),
    "resource.remove": N_("{person} removed a file of {dataset}."),
    "dataset.change": N_("{person} changed {dataset}."),
    "dataset.purge": N_("{person} removed {dataset} for good."),
    "dataset.retype": N_("The type of {dataset} was corrected."),
    "plot.reset": N_("{person} chose the picture of {dataset} anew."),
    "hold.create": N_("{person} held {dataset} back."),
    "hold.confirm": N_("{person} confirmed that {dataset} is held back."),
    "hold.release": N_("{person} gave {dataset} free again."),
    "data.read": N_("{person} read data of {dataset} that are not open."),
    "access_request.create": N_("{person} asked for access to {dataset}."),
    "access_request.confirm": N_("A request for access to {dataset} was confirmed by its mailbox."),
    "access_request.grant": N_("{person} granted access to {dataset}."),
    "access_request.refuse": N_("{person} refused access to {dataset}."),
    "access_request.extend": N_(
        "{person} prolonged the time to answer a request for access to {dataset}."
    ),
    "access_request.object": N_("{person} objected to the answer about access to {dataset}."),
    "access_grant.claim": N_("{person} took up the access to {dataset} that was granted."),
    "access_grant.carry": N_("A grant of access to {dataset} went on under a new decision."),
    "access_grant.revoke": N_("{person} took back the access to {dataset}."),
    "access_grant.end": N_("A grant of access to {dataset} ended."),
    "incident.begin": N_("An incident of {dataset} began."),
    "incident.extend": N_("More was added to an incident of {dataset}."),
    "incident.report": N_("{person} wrote a report on an incident of {dataset}."),
    "incident.dismiss": N_("{person} dismissed an incident of {dataset}."),
    "incident.conclude": N_("{person} concluded an incident of {dataset}."),
    "member.add": N_("{person} made somebody a member of an agency."),
    "member.change": N_("{person} changed a membership of an agency."),
    "member.remove": N_("{person} ended a membership of an agency."),
    "membership.propose": N_("{person} proposed a membership of an agency."),
    "membership.confirm": N_("{person} confirmed a proposed membership of an agency."),
    "membership.decline": N_("{person} declined a proposed membership of an agency."),
    "membership.withdraw": N_("{person} withdrew a proposed membership of an agency."),
    "delegation.create": N_("{person} delegated the duties of an agency for a time."),
    "delegation.revoke": N_("{person} ended a delegation of duties."),
    "decree.record": N_("{person} recorded a decree (SK)."),
    "paper.record": N_("{person} brought a signed paper."),
    "account.create": N_("An account was made."),
    "account.change": N_("An account was changed."),
    "account.password": N_("{person} set a new password."),
    "account.sessions": N_("{person} ended the sessions of an account."),
    "account.factor": N_("{person} set up a second factor."),
    "account.factor_codes": N_("{person} made new emergency codes for the second factor."),
    "account.factor_reset": N_("{person} reset the second factor of an account."),
    "account.token": N_("{person} made a token of an account for programs."),
    "account.tokens": N_("{person} ended the API tokens of an account."),
    "account.access": N_("{person} changed how an account is logged in to."),
    "break_glass.start": N_("{person} began emergency access."),
    "break_glass.end": N_("{person} ended emergency access."),
    "refused.again": N_("{person} was refused again several times within a minute."),
    "refused.anonymous": N_("People who were not logged in were refused."),
    "workflow.change": N_("A workflow was recorded that is in force from here on."),
    "definition.change": N_("Other definitions are in force from here on."),
    "ruleset.enforce": N_("{person} let newer rules of the scan count."),
    "ledger.adopt": N_("The entries of the older ledger were taken into this one."),
    "ledger.forget": N_("Names and texts beside entries were erased, as the law asks for."),
}
FAMILIES: Mapping[str, str] = {
    "case.": N_("{person} took a step in the case of {dataset}."),
    "access_request.": N_("A request for access to {dataset} went on."),
    "incident.": N_("An incident of {dataset} went on."),
    "hold.": N_("{person} changed a hold of {dataset}."),
    "member.": N_("Memberships of an agency were changed."),
    "agency.": N_("{person} changed an agency or its duties."),
    "account.": N_("{person} changed an account."),
}
OTHER = N_("{person} did something that has no words here yet.")
REFUSED = N_("{person} tried {act} and was refused. It was about {dataset}.")
REFUSED_ALONE = N_("{person} tried {act} and was refused.")

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


def sentence(event: str, outcome: str, detail: Mapping[str, Any], about: bool) -> Sentence:
    """Return what an entry says; whoever asks puts in ``{person}`` and ``{dataset}``.

    :param about: the entry is about a dataset.
    :returns: ``values`` hold under ``act`` the msgid of what was tried, where something was.
    """
    if outcome == "refused" and event not in SAID:
        door = str(detail.get("action") or event)
        act = next((text for begin, text in ACTS.items() if door.startswith(begin)), ANY_ACT)
        return Sentence(REFUSED if about else REFUSED_ALONE, {"act": act})
    said = SAID.get(event)
    if said is None:
        said = next((text for name, text in FAMILIES.items() if event.startswith(name)), OTHER)
    return Sentence(said)


def events_of(group: str) -> tuple[str, ...]:
    """Return the events of a group, or their beginnings; nothing of an unknown one."""
    return GROUPS[group][1] if group in GROUPS else ()
