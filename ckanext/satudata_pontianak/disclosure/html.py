"""The report of ``satudata scan`` as one page that needs nothing else: no script, no address.

Names of files and columns are a stranger's text: everything is escaped, and the page forbids
itself to load or run anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html import escape

from .messages import _ as translated
from .messages import language
from .places import share, told
from .report import Column, FileReport, Finding, Table, Verdict, finding_json
from .sentences import explain

Translate = Callable[[str], str]


def _(message: str) -> str:
    """Mark a message id for extraction; it is translated where it is used."""
    return message


VERDICTS = {
    Verdict.CLEAR: _("clear"),
    Verdict.FINDINGS: _("findings"),
    Verdict.FAILED: _("failed"),
}
_TITLE = _("Report of the scan for personal data")
_RULES = _("Rules: %(ruleset)s. Values that were found are not in this report.")
_HEADS = (
    _("Table"), _("Column"), _("Kind"), _("Cells"), _("Share of cells"), _("Score"),
    _("Where"), _("Why"), _("Sample"),
)  # fmt: skip
_COLUMN = _("column %(number)d")
_PERSONS = _("Its rows seem to be persons.")
_NOTHING = _("Nothing was found in %(rows)d rows.")
_MARKS = {Verdict.CLEAR: "✓", Verdict.FINDINGS: "!", Verdict.FAILED: "✗"}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.1rem;overflow-wrap:anywhere}
.v{font-weight:600;padding:.1rem .5rem;border-radius:.3rem;border:1px solid}
.clear{color:#0b5d1e}.findings{color:#8a4b00}.failed{color:#a30000}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #ccc}
td.n{text-align:right;font-variant-numeric:tabular-nums}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def page(reports: Sequence[FileReport], ruleset: str, translate: Translate = translated) -> str:
    """Return the whole page."""
    title = escape(translate(_TITLE))
    body = [
        f"<h1>{title}</h1>",
        f"<p>{escape(translate(_RULES) % {'ruleset': ruleset})}</p>",
        "<ul>",
        *_summary(reports, translate),
        "</ul>",
        *(line for report in reports for line in _file(report, translate)),
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{escape(language())}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
            *body,
            "</main></body></html>",
            "",
        ]
    )


def _summary(reports: Sequence[FileReport], translate: Translate) -> Iterator[str]:
    counts = Counter(report.verdict for report in reports)
    for verdict, word in VERDICTS.items():
        yield f"<li>{_verdict(verdict, translate(word))}: {counts[verdict]}</li>"


def _verdict(verdict: Verdict, word: str) -> str:
    return f'<span class="v {verdict.value}">{_MARKS[verdict]} {escape(word)}</span>'


def _file(report: FileReport, translate: Translate) -> Iterator[str]:
    word = translate(VERDICTS[report.verdict])
    yield f"<section><h2>{escape(_plain(report.path))} {_verdict(report.verdict, word)}</h2>"
    if report.reason is not None:
        yield f"<p>{escape(_plain(explain(report.reason, translate)))}</p>"
    for table in report.tables:
        if table.person_level:
            name = f"{_plain(table.name)}: " if table.name else ""
            yield f"<p>{escape(name + translate(_PERSONS))}</p>"
    if report.findings:
        heads = "".join(f'<th scope="col">{escape(translate(h))}</th>' for h in _HEADS)
        yield f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
        for table in report.tables:
            for column in table.columns:
                for finding in column.findings:
                    yield _row(table, column, finding, translate)
        yield "</tbody></table></div>"
    elif report.verdict is Verdict.CLEAR:
        rows = sum(table.rows for table in report.tables)
        yield f"<p>{escape(translate(_NOTHING) % {'rows': rows})}</p>"
    yield "</section>"


def _row(table: Table, column: Column, finding: Finding, translate: Translate) -> str:
    place = column.name or translate(_COLUMN) % {"number": column.index + 1}
    texts = (_plain(table.name or "–"), _plain(place), finding.kind)
    numbers = (f"{finding.count}", share(finding.share), f"{finding.score:.2f}")
    cells = [
        *(f"<td>{escape(text)}</td>" for text in texts),
        *(f'<td class="n">{number}</td>' for number in numbers),
        f"<td>{escape('; '.join(told(finding_json(finding), translate)))}</td>",
        f"<td>{escape(explain(finding.reason, translate))}</td>",
        f"<td><code>{escape(_plain(finding.sample))}</code></td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _plain(text: str | None) -> str:
    """Keep control and direction characters from changing how a name reads."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text or "")
