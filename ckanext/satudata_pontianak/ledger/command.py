"""``satudata ledger verify FILE``: verify an exported ledger without CKAN and without a server.

Exit status: 0 nothing is wrong, 1 something is, 2 the file has no signed head, a head or the key
is not the expected one, or the command was called wrongly.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ..disclosure.messages import _
from . import heads
from .exported import verify_file
from .heads import HeadError, SignedHead
from .verify import Problem, Result
from .words import NO_HEAD, OTHER_KEY, number, sentences, told

MANY = 100_000


@click.group()
def ledger() -> None:
    """Verify what the portal's ledger gave out."""


@ledger.command()
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--key", metavar="KEY", help="Fingerprint or public key (base64) that must have signed."
)
@click.option(
    "--head",
    "others",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head that was published earlier, as JSON; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(path: Path, key: str | None, others: tuple[Path, ...], *, as_json: bool) -> None:
    """Verify an exported ledger: every entry, the chain, the tree and the signed head.

    The file carries its public key. Compare the fingerprint with the one that the portal
    publishes, or give it with --key: without that, anybody could have signed.

    \b
    Exit status:
      0  nothing is wrong
      1  an entry, the chain or a head is wrong
      2  no signed head, another key than --key, or a wrong call
    """
    result: Result | int = 0
    signed = None
    try:
        earlier = [_head(other) for other in others]
        for head, result in verify_file(path, earlier):
            signed = head
            if isinstance(result, int) and result % MANY == 0 and not as_json:
                click.echo(_("{count} entries read").format(count=number(result)), err=True)
    except HeadError as error:
        _end(str(error), NO_HEAD)
    except OSError as error:
        _end(str(error), NO_HEAD)
    if signed is None or isinstance(result, int):
        return _end("", NO_HEAD)
    if key is not None and not _is_key(signed, key):
        _end(signed.fingerprint(), OTHER_KEY)
    if as_json:
        click.echo(json.dumps(_as_dict(signed, result, checked=key is not None)))
    else:
        for text in told(signed, result, checked=key is not None):
            click.echo(text.text(_))
    sys.exit(0 if result.ok else 1)


def _head(path: Path) -> SignedHead:
    signed = heads.read_text(path.read_bytes())
    signed.check()
    return signed


def _is_key(signed: SignedHead, key: str) -> bool:
    plain = key.replace(" ", "").strip()
    return plain in (signed.key, signed.fingerprint().replace(" ", ""))


def _end(detail: str, message: str) -> None:
    click.echo(_(message), err=True)
    if detail:
        click.echo(detail, err=True)
    sys.exit(2)


def _as_dict(signed: SignedHead, result: Result, *, checked: bool) -> dict[str, object]:
    def problem(item: Problem) -> dict[str, object]:
        return {"kind": item.kind.value, "entry": item.entry, "after": item.after}

    return {
        "ok": result.ok,
        "entries": result.size,
        "covered": result.covered,
        "problems": [problem(item) for item in result.problems],
        "problem_count": result.count,
        "head": signed.as_dict(),
        "key_checked": checked,
        "root": result.root,
        "sentences": [text.text(_) for text in sentences(result)],
    }
