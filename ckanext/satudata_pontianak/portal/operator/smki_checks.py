"""Is there somebody for each role of information security, with any one person away?"""

from __future__ import annotations

from ckan import model

from ...agencies.checks import Finding, Level
from ...classification import startup
from ...ledger import install
from ...msgids import N_
from ...smki.records import roles
from ...smki.rules import planning
from ...smki.rules.definition import Role, smki

NOBODY = N_('Nobody carries the role of information security "%(role)s": its tasks wait.')
ALONE = N_(
    'The role of information security "%(role)s" is carried by one person, and nobody acts for '
    "them while they are away."
)
BY_DECREE = N_(
    "Lay the role on a person by a decree (SK) that is recorded, on the page "
    "/satudata/keamanan/peran."
)
STAYS_APART = N_(
    "Lay on somebody else, by a decree (SK) that is recorded on the page /satudata/keamanan/peran: "
    "%(named)s. Or make a second person an admin of the agency with this duty, or delegate the "
    "duty for dated days."
)
BY_DUTY = N_(
    "Make a second person an admin of the agency with this duty, or delegate the duty for dated "
    "days, by a decree (SK) that is recorded."
)


def check() -> list[Finding]:
    """Name each role that would stand still, and the decree that mends it."""
    if not startup.has_tables() or not install.installed(model.Session):
        return []
    known = smki()
    labels = {name: role.label for name, role in known.roles.roles.items()}
    return [
        Finding(
            Level.WARNING,
            NOBODY if gap.person is None else ALONE,
            _decree(known.roles.roles[gap.role], gap),
            {
                "role": labels[gap.role],
                "named": ", ".join(labels[name] for name in gap.named),
            },
        )
        for gap in planning.gaps(known, roles.holders())
    ]


def _decree(role: Role, gap: planning.Gap) -> str:
    """Return which decree mends a gap."""
    if gap.named:
        return STAYS_APART
    return BY_DUTY if role.duty else BY_DECREE
