"""The theme without services: which address is local, and that dark is dark both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.portal.catalogue.figures import home
from ckanext.satudata_pontianak.portal.web.local_address import safe_local

STYLES = Path(__file__).parents[3] / "ckanext/satudata_pontianak/portal/assets/css/theme.css"
AGREED = (
    "bg surface surface-2 text muted border link accent accent-text focus ok warn danger radius gap"
    " shadow measure"
).split()
CLASSES = "card grid badge chip hero stat toolbar empty table".split()


@pytest.mark.parametrize("address", ["/", "/dataset/?q=a%20b&page=2", "/en/tema", "/a#b", "/a:b"])
def test_an_address_of_this_site(address: str) -> None:
    assert safe_local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "dataset",
        "//jahat.example",
        "/\\jahat.example",
        "/\t/jahat.example",
        "/\n/jahat.example",
        " //jahat.example",
        "https://jahat.example/",
        "javascript:alert(1)",
        "/a\\b",
        "/a b",
        "/" + "a" * 3000,
    ],
)
def test_an_address_that_may_lead_away(address: str | None) -> None:
    assert safe_local(address) is None


def tokens(block: str) -> dict[str, str]:
    """Return what a block of the stylesheet sets."""
    return dict(re.findall(r"^\s*(--sd-[\w-]+|color-scheme):\s*([^;]+);", block, re.MULTILINE))


def blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the tokens of light, of dark by choice, and of dark by the device."""
    text = STYLES.read_text("utf-8")
    found = re.findall(
        r"^\s*(:root|\[data-bs-theme=\"dark\"\]|:root:not\(\[data-bs-theme\]\)) \{(.*?)\}",
        text,
        re.MULTILINE | re.DOTALL,
    )
    by_name = {name: tokens(block) for name, block in reversed(found)}
    return (
        by_name[":root"],
        by_name['[data-bs-theme="dark"]'],
        by_name[":root:not([data-bs-theme])"],
    )


def test_dark_is_the_same_by_choice_and_by_the_device() -> None:
    light, dark, device = blocks()
    assert dark == device
    assert set(dark) <= set(light)


def test_what_was_agreed_is_there() -> None:
    light, _, _ = blocks()
    text = STYLES.read_text("utf-8")
    assert {f"--sd-{name}" for name in AGREED} <= set(light)
    assert [name for name in CLASSES if f".sd-{name} {{" not in text] == []


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("which", [0, 1])
def test_words_can_be_read(which: int) -> None:
    found = blocks()[0] | blocks()[which]
    pairs = [
        (f"--sd-{text}", f"--sd-{ground}")
        for text in ("text", "muted", "link", "ok", "warn", "danger")
        for ground in ("bg", "surface", "surface-2")
    ]
    pairs += [(f"--sd-{name}", f"--sd-{name}-bg") for name in ("ok", "warn", "danger")]
    pairs += [("--sd-accent-text", "--sd-accent"), ("--sd-accent-text", "--sd-accent-2")]
    pairs += [
        (f"--sd-{text}", f"--sd-{ground}")
        for text in ("brand-text", "brand-muted", "gold")
        for ground in ("brand", "brand-2")
    ]
    pale = {p: contrast(found[p[0]], found[p[1]]) for p in pairs}
    assert {pair: ratio for pair, ratio in pale.items() if ratio < 4.5} == {}
    controls = [("--sd-control", f"--sd-{ground}") for ground in ("bg", "surface")]
    assert all(contrast(found[a], found[b]) >= 3 for a, b in controls)


PORTAL = STYLES.parents[2]
SIGNS = STYLES.with_name("icons.css").read_text("utf-8")


def test_every_sign_that_our_pages_name_is_in_the_font() -> None:
    known = set(re.findall(r"\.fa-([a-z0-9-]+)", SIGNS))
    missing = {
        (page.name, name)
        for page in PORTAL.rglob("*.html")
        for name in re.findall(r"\bfa-([a-z0-9]+(?:-[a-z0-9]+)*)\b", page.read_text("utf-8"))
        if name not in known
    }
    assert missing == set(), "run bin/lib/make_icons.py"
    assert set(home().icons.values()) <= known


def test_nothing_is_loaded_from_outside() -> None:
    for style in STYLES.parent.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", style.read_text("utf-8"), flags=re.DOTALL)
        found = re.findall(r"url\(\s*[\"']?(?!data:)([^)\"']+)", text)
        assert found == [], style.name
        assert "@import" not in text


def test_the_signs_carry_their_licence() -> None:
    head = SIGNS.partition("*/")[0]
    assert "SIL Open Font License 1.1" in head
    assert 'font-family: "Satu Data Signs"' in SIGNS
