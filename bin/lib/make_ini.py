"""Write a configuration file from a template with @WORDS@.

Usage: make_ini.py TEMPLATE TARGET WORD=VALUE...

Options that an operator added below the marker line of the target are kept. The file is
readable for its owner only, since it holds secrets.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

MARKER = "# ---- Options of this installation, kept when the file is written again ----"


def kept(target: Path) -> str:
    """Return what the operator wrote below the marker."""
    if not target.exists():
        return ""
    return target.read_text("utf-8").partition(MARKER)[2].split("[loggers]")[0].strip("\n")


def main(template: Path, target: Path, words: dict[str, str]) -> None:
    """Fill in the template; a word without a value is an error."""
    text = template.read_text("utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    left = set(re.findall(r"@[A-Z_]+@", text))
    if left:
        sys.exit(f"no value for {', '.join(sorted(left))}")
    own = kept(target)
    own = f"{MARKER}\n{own}\n\n" if own else f"{MARKER}\n\n"
    text = text.replace("[loggers]", f"{own}[loggers]", 1)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(target)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    pairs = dict(word.split("=", 1) for word in sys.argv[3:])
    main(Path(sys.argv[1]), Path(sys.argv[2]), pairs)
