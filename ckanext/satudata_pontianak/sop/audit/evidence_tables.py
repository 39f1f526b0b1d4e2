"""The evidence sheets as tables, for paper."""

from __future__ import annotations

from collections.abc import Mapping

from ...messages import Message
from ..documents import library
from ..documents.unconfirmed import EXPLAINED, MARK
from .evidence import NUMBERS, Framework, evidence_file
from .tables import Cell, Language, Table

HEADS = (
    Message("Code"),
    Message("What is asked for"),
    Message("What answers"),
    Message("Measured"),
    Message("Documents"),
)


def source_of(framework: Framework) -> Message:
    """Return the text that a framework stands in, with the mark of what was not read itself."""
    text = framework.basis["text"]
    if not framework.secondary:
        return Message(text)
    explained = Message(EXPLAINED, {"mark": MARK})
    return Message("%(source)s. %(note)s", {"source": text + MARK, "note": explained})


def evidence_tables(values: Mapping[str, Cell], language: Language) -> list[Table]:
    """Return a table for each framework, with a row for each code.

    :param values: every number by its name, as :func:`.evidence.measured` gives them.
    """
    documents = library.documents()

    def numbers(names: tuple[str, ...]) -> str:
        return "; ".join(
            f"{language.translate(NUMBERS[n][0])}: {language.said(values[n])}" for n in names
        )

    def sops(names: tuple[str, ...]) -> str:
        return "; ".join(f"{documents[n].code} {language.said(documents[n].title)}" for n in names)

    return [
        Table(
            framework.name,
            Message(framework.label),
            HEADS,
            tuple(
                (
                    s.codes,
                    Message(s.label),
                    Message(s.help),
                    numbers(s.numbers) or None,
                    sops(s.sops),
                )
                for s in framework.sheets
            ),
            help=source_of(framework),
        )
        for framework in evidence_file().frameworks.values()
    ]
