"""Make the signs of the portal: the part of Font Awesome that its pages use, in one stylesheet.

    .run/venv/bin/python bin/lib/make_icons.py            write the stylesheet
    .run/venv/bin/python bin/lib/make_icons.py --check    only say whether it is what it would be

Core's pages bring 276 KB of fonts and 106 KB of rules for some hundred signs. This reads which
`fa-…` classes stand in the templates and scripts of CKAN, of the plugins that we load and of
ours, and in `schemas/home.yaml`, takes those glyphs out of the Font Awesome that CKAN brings, and
writes them with their classes into `portal/assets/css/icons.css`, so that templates stay as they
are. The fonts are under the SIL Open Font License 1.1, which reserves the name: the part has
another one.
"""

from __future__ import annotations

import base64
import importlib.metadata
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from fontTools import subset
from fontTools.ttLib import TTFont

import ckan

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "ckanext" / "satudata_pontianak"
TARGET = PORTAL / "portal" / "assets" / "css" / "icons.css"
CORE = Path(ckan.__file__).parent
AWESOME = CORE / "public" / "base" / "vendor" / "fontawesome-free"
FAMILY = "Satu Data Signs"
# Plugins of the demo, and core's own: what their pages show.
PLUGINS = (
    "activity datastore datatablesview dcat harvest imageview resourceproxy scheming textview"
).split()
# Signs that templates put together from data, or that pages are likely to want next.
ALSO = """
    arrow-down arrow-left arrow-right arrow-trend-down arrow-trend-up arrow-up bell book-open
    bookmark calendar calendar-check calendar-days caret-down caret-up chart-area chart-column
    chart-line chart-pie check chevron-down chevron-left chevron-right chevron-up circle-check
    circle-exclamation circle-half-stroke circle-info circle-question city clock
    clock-rotate-left code code-branch code-compare comment comments database download droplet
    ellipsis envelope envelope-open-text expand file-code file-csv file-excel file-image
    file-lines file-pdf file-zipper filter-circle-xmark fingerprint flag folder folder-open
    gauge gear hashtag house icons image landmark language layer-group link list-check list-ul
    location-dot lock lock-open magnifying-glass map map-location-dot mobile-screen moon
    newspaper paper-plane pen pen-to-square people-arrows phone puzzle-piece quote-left road
    rotate rotate-left rss ruler scale-balanced server share-nodes sliders sort sort-down
    sort-up stamp star sun table-cells table-columns table-list tags terminal thumbs-up
    triangle-exclamation trophy unlock up-right-from-square upload user-check user-group
    user-shield water xmark
""".split()
# Names of long ago that core still writes, and that its own Font Awesome does not know.
OLD = {"clock-o": "clock", "group": "users", "hand-paper-o": "hand", "info-sign": "circle-info"}
BRANDS = frozenset("facebook facebook-square square-facebook linkedin square-x-twitter".split())
# Classes that change a sign instead of being one.
MODIFIERS = frozenset(
    "brands fw icon inverse lg regular solid spin stack stack-1x stack-2x".split()
)
NAME = re.compile(r"\bfa-([a-z0-9]+(?:-[a-z0-9]+)*)\b")
BY_ARGUMENT = re.compile(r"""\bicon=['"]([a-z0-9-]+)['"]|\bh\.icon\(['"]([a-z0-9-]+)['"]""")
HEAD = """\
/* Made by bin/lib/make_icons.py. Do not edit: run it again.
 *
 * A part of Font Awesome Free {version} by Fonticons, Inc. (https://fontawesome.com), as CKAN
 * {ckan} brings it. Fonts: SIL Open Font License 1.1 (https://openfontlicense.org). Rules: MIT.
 * Copyright 2024 Fonticons, Inc. "Font Awesome" is a reserved name, so this part has another.
 */
"""
RULES = """\
:root .fa, :root .fas, :root .far, :root .fab,
:root .fa-solid, :root .fa-regular, :root .fa-brands {{
  display: inline-block;
  font-family: "{family}";
  font-style: normal;
  font-weight: 900;
  font-variant: normal;
  line-height: 1;
  text-rendering: auto;
  -webkit-font-smoothing: antialiased;
}}
:root .fa::before, :root .fas::before, :root .far::before, :root .fab::before,
:root .fa-solid::before, :root .fa-regular::before, :root .fa-brands::before {{
  content: var(--fa);
}}
.fa-lg {{ font-size: 1.25em; line-height: .05em; vertical-align: -.075em; }}
.fa-2x {{ font-size: 2em; }}
.fa-3x {{ font-size: 3em; }}
.fa-fw {{ width: 1.25em; text-align: center; }}
.fa-inverse {{ color: #fff; }}
.fa-stack {{
  position: relative;
  display: inline-block;
  width: 2.5em;
  height: 2em;
  line-height: 2em;
  vertical-align: middle;
}}
.fa-stack-1x, .fa-stack-2x {{ position: absolute; left: 0; width: 100%; text-align: center; }}
.fa-stack-1x {{ line-height: inherit; }}
.fa-stack-2x {{ font-size: 2em; }}
@media (prefers-reduced-motion: no-preference) {{
  .fa-spin {{ animation: sd-spin 2s linear infinite; }}
}}
@keyframes sd-spin {{ to {{ transform: rotate(360deg); }} }}
"""


def pages() -> Iterator[Path]:
    """Give every file that may name a sign."""
    folders = [CORE / "templates", CORE / "public" / "base" / "javascript", CORE / "lib"]
    folders += [CORE.parent / "ckanext" / name for name in PLUGINS]
    folders += [PORTAL]
    for folder in folders:
        for ending in ("html", "js", "py"):
            yield from sorted(folder.rglob(f"*.{ending}"))


def names_in(text: str) -> set[str]:
    """Return the signs that a text names, as a class or as an argument of core's helpers."""
    found = set(NAME.findall(text)) - MODIFIERS
    return found | {one or other for one, other in BY_ARGUMENT.findall(text)}


def wanted() -> set[str]:
    """Return the names of all signs that pages use."""
    found: set[str] = set(ALSO)
    for page in pages():
        found |= names_in(page.read_text("utf-8", errors="replace"))
    home = yaml.safe_load((ROOT / "schemas" / "home.yaml").read_text("utf-8"))
    return found | set(home["icons"].values())


def known() -> dict[str, str]:
    """Return name → sign of Font Awesome's stylesheet, with the old names of core."""
    text = (AWESOME / "css" / "all.css").read_text("utf-8")
    found: dict[str, str] = {}
    for selectors, sign in re.findall(r'([^{}]+)\{\s*--fa: "\\?([^"]+)";', text):
        value = chr(int(sign, 16)) if re.fullmatch(r"[0-9a-f]{2,5}", sign) else sign
        for name in re.findall(r"\.fa-([a-z0-9-]+)", selectors):
            found[name] = value
    return found | {old: found[new] for old, new in OLD.items()}


def part(font: str, signs: Iterable[str]) -> tuple[str, set[int]]:
    """Return a part of a font as base64, and which of the signs it has."""
    whole = TTFont(AWESOME / "webfonts" / f"{font}.woff2", recalcTimestamp=False)
    there = {ord(s) for s in signs} & set(whole.getBestCmap() or ())
    options = subset.Options(
        flavor="woff2", hinting=False, glyph_names=False, notdef_outline=False, layout_features=[]
    )
    options.name_IDs = []
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=there)
    cutter.subset(whole)
    for number in (1, 4, 6):
        whole["name"].setName(FAMILY.replace(" ", "" if number == 6 else " "), number, 3, 1, 0x409)
    out = io.BytesIO()
    subset.save_font(whole, out, options)
    return base64.b64encode(out.getvalue()).decode(), there


def face(data: str, signs: Iterable[int]) -> str:
    """Return the rule that brings a part of a font, for its signs only."""
    spread = ", ".join(f"U+{sign:X}" for sign in sorted(signs))
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 900; font-display: block;'
        f" unicode-range: {spread};"
        f' src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
    )


def stylesheet() -> str:
    """Return the whole stylesheet."""
    signs = known()
    names = sorted(wanted() & set(signs))
    brands = sorted(set(names) & BRANDS)
    plain = [name for name in names if name not in BRANDS]
    awesome = re.search(r"Font Awesome Free ([\d.]+)", (AWESOME / "css" / "all.css").read_text())
    text = HEAD.format(
        version=awesome.group(1) if awesome else "", ckan=importlib.metadata.version("ckan")
    )
    text += face(*part("fa-solid-900", [signs[n] for n in plain]))
    if brands:
        text += face(*part("fa-brands-400", [signs[n] for n in brands]))
    text += RULES.format(family=FAMILY)
    by_sign: dict[str, list[str]] = {}
    for name in names:
        by_sign.setdefault(signs[name], []).append(f".fa-{name}")
    for sign, selectors in sorted(by_sign.items()):
        text += f'{", ".join(selectors)} {{ --fa: "\\{ord(sign):x}"; }}\n'
    return text


def say(text: str) -> None:
    """Tell whoever runs this."""
    sys.stdout.write(f"{text}\n")


def main() -> int:
    """Write the stylesheet, or check it."""
    made = stylesheet()
    if "--check" in sys.argv[1:]:
        same = TARGET.exists() and TARGET.read_text("utf-8") == made
        say("The signs are what they would be." if same else "Run bin/lib/make_icons.py again.")
        return 0 if same else 1
    TARGET.write_text(made, "utf-8")
    say(f"{TARGET.relative_to(ROOT)}: {len(made.encode()) / 1024:.1f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
