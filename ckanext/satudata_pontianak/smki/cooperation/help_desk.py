"""The help desk: a question is asked and answered in time, and may become a text of help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import flask
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.i18n import get_locales

from ... import days
from ...agencies import gate, registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.incidents.fields import Kinds
from ...classification.rules.refusals import InvalidFields
from ...messages import Message
from ...msgids import N_
from ..records.help_model import HelpText, Question
from ..records.model import now
from ..rules import written
from ..rules.help_desk import help_desk, parts_of, path_of
from . import agenda, knowing, rising

ASKED, ANSWERED = "help_question", "help_answer"
OWED = rising.Kind(
    "help_question_due", "help_question_late", "question", event="cooperation.question_risen"
)

HERE = 5
"""So many texts of help stand on the page that they are about."""

HIDDEN = N_("This names a dataset of which not everybody inside may know. Leave its name out.")
NO_PAGE = N_("Give the address of a page of this portal, as it stands in the browser.")
NOT_NOW = N_("This step cannot be taken now, or not by you.")
THERE = N_("You asked this already: number %(number)s.")
MANY = N_("%(count)s of your questions wait for an answer. Ask anew once some are answered.")
SO_ALREADY = N_("It stands there so already.")


def topics_of(actor: Actor) -> list[str]:
    """Return the topics on which somebody answers."""
    return help_desk().answered_with(actor.duties) if actor.active else []


def accepts(actor: Actor) -> bool:
    """Tell whether somebody makes texts of help."""
    return actor.active and actor.has(help_desk().accepted_by)


def answers(actor: Actor, row: Question) -> bool:
    """Tell whether somebody answers a question."""
    return row.topic in topics_of(actor)


def sees(actor: Actor, row: Question) -> bool:
    """Tell whether somebody sees a question: who asked it, and who answers it."""
    return actor.active and (row.asked_by == actor.id or answers(actor, row))


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that :func:`sees` holds."""
    if not actor.active:
        return sa.false()
    return sa.or_(Question.asked_by == actor.id, Question.topic.in_(topics_of(actor)))


def ask(actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Ask a question; who answers it is told. The caller commits.

    :param given: ``topic``, ``subject``, ``text`` and, of the page that it is about, ``address``.
    :returns: the question, and the receipt.
    :raises InvalidFields: with every problem.
    """
    known, bounds = help_desk(), help_desk().bounds
    errors: dict[str, list[Message]] = {}
    topic = written.choice("topic", given, known.topics, errors)
    most = {"subject": bounds.subject, "text": bounds.question}
    texts, named = _read(actor, given, kinds_in, errors, most)
    address, of_page = _address(actor, given, kinds_in, errors)
    if errors:
        raise InvalidFields(errors)
    gate.lock()
    mine = Question.asked_by == actor.id, Question.answer.is_(None)
    open_ = list(model.Session.scalars(sa.select(Question).where(*mine)))
    same = (topic, texts["subject"], texts["text"])
    there = next((each for each in open_ if (each.topic, each.subject, each.text) == same), None)
    if there is not None:
        raise InvalidFields({"subject": [Message(THERE, {"number": there.number})]})
    if len(open_) >= bounds.waiting:
        raise InvalidFields({"": [Message(MANY, {"count": len(open_)})]})
    row = Question(
        topic=topic,
        address=address,
        page=page_at(address) if address else None,
        named=sorted({*named, *of_page}),
        asked_by=actor.id,
        due=known.due(days.today()),
        **texts,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = _recorded(actor, row, "\n".join(texts.values()), event="cooperation.question_asked")
    receipt.tell(row, "ledger_entry")
    rising.tell(row, ASKED, [p for p in people(topic) if p != actor.id], ASKED)
    return row, receipt


def answer(row: Question, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Answer a question, or answer it better; who asked is told. The caller commits.

    :param given: ``text``.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    if not answers(actor, row):
        raise InvalidFields({"": [Message(NOT_NOW)]})
    errors: dict[str, list[Message]] = {}
    texts, named = _read(actor, given, kinds_in, errors, {"text": help_desk().bounds.answer})
    if not errors and texts["text"] == row.answer:
        errors["text"] = [Message(SO_ALREADY)]
    if errors:
        raise InvalidFields(errors)
    row.answer, row.answer_named = texts["text"], named
    at = now()
    row.answered_by, row.answered_at = actor.id, at
    if row.first_answered_at is None:
        row.first_answered_at = at
        row.answered_for = _body(actor, row.topic)
    row.risen = None
    model.Session.flush()
    receipt = _recorded(actor, row, texts["text"], event="cooperation.question_answered")
    receipt.tell(row, "answer_entry")
    asker = [row.asked_by] if row.asked_by and row.asked_by != actor.id else []
    rising.tell(row, ANSWERED, asker, at.isoformat())
    return receipt


def accept(row: Question, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Make a text of help of an answer, in a wording of its own; the caller commits.

    One that stands is written anew, one that was taken back is shown again.

    :param given: ``topic``, ``title`` and ``text``.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    if not accepts(actor) or row.answer is None:
        raise InvalidFields({"": [Message(NOT_NOW)]})
    known, errors = help_desk(), dict[str, list[Message]]()
    topic = written.choice("topic", given, known.topics, errors)
    most = {"title": known.bounds.subject, "text": known.bounds.answer}
    texts, named = _read(actor, given, kinds_in, errors, most)
    if errors:
        raise InvalidFields(errors)
    said = {"topic": topic, **texts}
    there = help_of(row)
    stands = there is not None and there.withdrawn_at is None
    if stands and all(getattr(there, name) == value for name, value in said.items()):
        raise InvalidFields({"text": [Message(SO_ALREADY)]})
    kept = there or HelpText(question_id=row.id)
    for name, value in said.items():
        setattr(kept, name, value)
    kept.named, kept.accepted_by, kept.accepted_at = named, actor.id, now()
    kept.withdrawn_by = kept.withdrawn_at = None
    model.Session.add(kept)
    model.Session.flush()
    receipt = _recorded(actor, row, "\n".join(texts.values()), event="cooperation.help_accepted")
    receipt.tell(kept, "ledger_entry")
    return receipt


def withdraw(row: Question, actor: Actor) -> Any:
    """Take a text of help back; the caller commits.

    :returns: the receipt.
    :raises InvalidFields: it is not shown, or not theirs to take back.
    """
    there = help_of(row)
    if not accepts(actor) or there is None or there.withdrawn_at is not None:
        raise InvalidFields({"": [Message(NOT_NOW)]})
    there.withdrawn_by, there.withdrawn_at = actor.id, now()
    model.Session.flush()
    receipt = _recorded(actor, row, "", event="cooperation.help_withdrawn")
    receipt.tell(there, "ledger_entry")
    return receipt


def help_of(row: Question) -> HelpText | None:
    """Return the text of help that became of a question, shown or taken back."""
    return model.Session.get(HelpText, row.id)


def page_at(path: str) -> str | None:
    """Return what the portal calls the page at a path, whichever dataset it shows."""
    first, _, rest = path.lstrip("/").partition("/")
    plain = f"/{rest}" if first in get_locales() else path
    addresses = flask.current_app.url_map.bind("")
    for each in (plain, f"{plain}/"):
        try:
            return str(addresses.match(each)[0])
        except HTTPException:
            continue
    return None


def texts_at(actor: Actor, page: str) -> list[tuple[HelpText, int]]:
    """Return the texts of help about a page, newest first, as :func:`texts_for` selects them."""
    about = Question.page == page, HelpText.withdrawn_at.is_(None)
    there = sa.select(HelpText).join(Question, Question.id == HelpText.question_id).where(*about)
    if not model.Session.scalar(sa.select(there.exists())):
        return []
    found = texts_for(actor).where(Question.page == page).order_by(HelpText.accepted_at.desc())
    return list(model.Session.execute(found.limit(HERE)).tuples())


def texts_for(actor: Actor) -> sa.Select[tuple[HelpText, int]]:
    """Return what selects the texts of help that somebody may read, with their numbers.

    One that names what they may not know of is in no list and no count.
    """
    shown = HelpText.withdrawn_at.is_(None)
    ids = sa.func.jsonb_array_elements_text(HelpText.named)
    named = set(model.Session.scalars(sa.select(ids).where(shown).distinct()))
    may = sa.cast(sorted(knowing.known(actor, named)), HelpText.named.type)
    return (
        sa.select(HelpText, Question.number)
        .join(Question, Question.id == HelpText.question_id)
        .where(shown, HelpText.named.bool_op("<@")(may))
    )


def people(topic: str) -> list[str]:
    """Return who answers on a topic; where nobody does, who accepts."""
    known = help_desk()
    found = _holders(known.topics[topic].answered_by) if topic in known.topics else set()
    return sorted(found or _holders([known.accepted_by]))


def _holders(duties: Iterable[Duty]) -> set[str]:
    return {person for duty in duties for person in registry.holders_of(duty)}


def _bodies(topic: str) -> list[Duty]:
    """Return the duties that answer on a topic, those of its own first."""
    known = help_desk()
    own = known.topics[topic].answered_by if topic in known.topics else ()
    return [*own, known.accepted_by]


def _body(actor: Actor, topic: str) -> str | None:
    """Return for which agency somebody answers on a topic."""
    held = (registry.body_of(duty) for duty in _bodies(topic) if actor.has(duty))
    return next((agency.id for agency in held if agency), None)


def remind(today: dt.date | None = None) -> tuple[int, int]:
    """Tell of questions whose day is near or past, and have old ones rise to the forum; commit.

    :returns: how many people were told, and how many questions rose.
    """
    day, known = today or days.today(), help_desk()
    query = sa.select(Question).where(Question.answer.is_(None)).order_by(Question.number)
    rows = model.Session.scalars(query.with_for_update()).all()

    def owed(row: Question) -> rising.Owed:
        return rising.Owed(row, people(row.topic), known.rises(row.due, day))

    done = rising.remind(rows, owed, OWED, day, known.days.warn_before_days, kind="topic")
    model.Session.commit()
    return done


def _read(
    actor: Actor,
    given: Mapping[str, Any],
    kinds_in: Kinds,
    errors: dict[str, list[Message]],
    most: Mapping[str, int],
) -> tuple[dict[str, str], list[str]]:
    """Return texts that were written, and which datasets they name; what is wrong in ``errors``.

    :param most: field → most characters.
    """
    texts: dict[str, str] = {}
    named: set[str] = set()
    for name, high in most.items():
        lowest = help_desk().bounds.lowest
        read = written.texts((name,), given, kinds_in, errors, lowest, high)
        said = knowing.named_in(actor, *read.values())
        _refuse_hidden(name, said, errors)
        texts |= read
        named |= {*said}
    return texts, sorted(named)


def _address(
    actor: Actor, given: Mapping[str, Any], kinds_in: Kinds, errors: dict[str, list[Message]]
) -> tuple[str | None, list[str]]:
    """Return the path of the page that a question is about, and the datasets that it names."""
    value = given.get("address")
    if value in (None, ""):
        return None, []
    problem, text = written.read(value, kinds_in, 1, help_desk().bounds.address, one_line=True)
    path = path_of(text or "", tk.config["ckan.site_url"])
    if problem is not None or path is None:
        errors["address"] = [problem or Message(NO_PAGE)]
        return None, []
    named = knowing.called_by(actor, parts_of(path))
    _refuse_hidden("address", named, errors)
    return path, named


def _refuse_hidden(
    name: str, package_ids: Collection[str], errors: dict[str, list[Message]]
) -> None:
    if package_ids and not knowing.inside_knows(package_ids):
        errors[name] = [Message(HIDDEN)]


def _recorded(actor: Actor, row: Question, text: str, *, event: str) -> Any:
    detail = {"question": row.id, "kind": row.topic, "due": row.due}
    return rising.recorded(actor, event, detail, row.id, text)


def _late(actor: Actor) -> Iterable[agenda.Item]:
    """Give the questions that rose."""
    query = sa.select(Question).where(Question.risen.is_not(None), Question.answer.is_(None))
    for row in model.Session.scalars(query.order_by(Question.number)):
        bodies = (registry.body_of(duty) for duty in _bodies(row.topic))
        yield agenda.Item(
            key=row.id,
            words=Message(
                N_("Question no. %(number)s to the help desk waits since its day."),
                {"number": row.number},
            ),
            since=row.due,
            agency_id=next((agency.id for agency in bodies if agency), None),
            page=("help_question", "number", str(row.number)) if sees(actor, row) else None,
        )


agenda.offer("help", N_("Help desk"), _late)
