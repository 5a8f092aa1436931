"""House rules of the look: colours only in tokens.css and readable, logical properties, a file for each tag."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from convene.web.ui.tags import register

CSS = Path(__file__).resolve().parents[2] / "src/convene/web/static/css"
TOKENS = CSS / "tokens.css"
SHEETS = sorted(CSS.rglob("*.css"))
OTHERS = [sheet for sheet in SHEETS if sheet != TOKENS]
NO_TAG = {"chart", "filters", "hero", "opinion"}
"""Sheets of a form and of a drawing rather than of a tag; docs/reference/design-system.md shows them."""

COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|"
    r":[^;{]*\b(?:white|black|red|green|blue|grey|gray|orange|yellow|purple|pink|brown|teal|navy|silver)\b",
    re.IGNORECASE,
)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b|"
    r"(?<![\w-])(?:left|right|top|bottom|width|height|min-width|min-height|max-width|max-height)\s*:|"
    r"(?:text-align|float|clear)\s*:\s*(?:left|right)\b|border-(?:top|bottom)-(?:left|right)-radius"
)


def _text(sheet: Path) -> str:
    """The rules without comments and without the conditions of @media."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"@(?:media|container|supports)[^{]*\{", "{", css)


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda sheet: sheet.name)
def test_no_colour_stands_outside_the_tokens(sheet):
    assert COLOUR.findall(_text(sheet)) == []


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda sheet: sheet.name)
def test_only_roles_are_used_and_each_exists(sheet):
    used = set(re.findall(r"var\((--[\w-]+)", _text(sheet)))
    roles = set(re.findall(r"(--[\w-]+):", TOKENS.read_text(encoding="utf-8"))) - set(_raw())
    assert used - roles == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_properties_are_logical_so_that_right_to_left_comes_free(sheet):
    assert PHYSICAL.findall(_text(sheet)) == []


def test_every_component_sheet_belongs_to_a_tag_styles_only_it_and_is_loaded():
    loaded = set(
        re.findall(r'url\("components/([\w-]+)\.css"\)', (CSS / "app.css").read_text(encoding="utf-8"))
    )
    found = {sheet.stem for sheet in (CSS / "components").glob("*.css")}
    assert found == loaded
    assert {name for name in found if name.replace("-", "_") not in register.tags} == NO_TAG


@pytest.mark.parametrize("sheet", sorted((CSS / "components").glob("*.css")), ids=lambda sheet: sheet.name)
def test_a_component_sheet_touches_no_other_component(sheet):
    own = re.compile(rf"\.{sheet.stem}(?:s|__|--|\b)")
    selectors = re.findall(r"(?:^|\})\s*([^{}@]+)\{", _text(sheet).replace("\n", " "))
    strangers = [
        part.strip()
        for selector in selectors
        for part in re.split(r",(?![^(]*\))", selector)
        if part.strip() and not own.search(part)
    ]
    assert strangers == []


# --- contrast ----------------------------------------------------------------


def _raw() -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", TOKENS.read_text(encoding="utf-8")))


def _roles() -> dict[str, tuple[str, str]]:
    raw = _raw()
    pairs = re.findall(
        r"(--[\w-]+):\s*light-dark\(var\((--[\w-]+)\), var\((--[\w-]+)\)\);",
        TOKENS.read_text(encoding="utf-8"),
    )
    return {name: (raw[light], raw[dark]) for name, light, dark in pairs}


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


GROUNDS = ["--ground", "--surface", "--sunk", "--accent-wash"]
STATES = ["success", "warning", "error", "info"]
READ = [
    *itertools.product(["--ink", "--ink-soft", "--accent", "--accent-firm"], GROUNDS),
    *itertools.product(["--ink"], [f"--{state}-wash" for state in STATES]),
    *((f"--{state}-ink", f"--{state}-wash") for state in STATES),
    *itertools.product([f"--{state}-ink" for state in STATES], ["--ground", "--surface"]),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-firm"),
]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(scheme):
    roles = _roles()
    poor = {
        f"{text} on {ground}": round(_contrast(roles[text][scheme], roles[ground][scheme]), 2)
        for text, ground in READ
        if _contrast(roles[text][scheme], roles[ground][scheme]) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_edges_of_controls_and_the_focus_can_be_seen(scheme):
    roles = _roles()
    poor = {
        f"{edge} on {ground}": round(_contrast(roles[edge][scheme], roles[ground][scheme]), 2)
        for edge, ground in itertools.product(
            ["--line-firm", "--focus", "--accent"], ["--ground", "--surface", "--sunk"]
        )
        if _contrast(roles[edge][scheme], roles[ground][scheme]) < 3
    }
    assert poor == {}
