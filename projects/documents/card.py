"""The picture that goes with a shared link, drawn by typst, which shapes and breaks Thai wherever it runs.

Pillow shapes Thai only where the machine has libfribidi, which its package does not bring along.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

from projects.documents.fonts import fonts
from projects.documents.pdf import breakable, every_text, showable

TEMPLATE = Path(__file__).with_name("card.typ")
SIZE = (1200, 630)
"""Pixels, as Facebook, LINE and X show it whole."""
DOTS = 144.0
"""Pixels to the inch; the template is 600 by 315 points."""


@dataclass(frozen=True)
class Card:
    """What stands on the picture; `states` are those of the four stages."""

    name: str
    above: str
    title: str
    below: str
    beside: str
    states: Sequence[str]
    language: str


def drawn(card: Card) -> bytes:
    """The picture as PNG; the same bytes for the same card."""
    data = every_text(asdict(card), lambda text: breakable(showable(text)))
    compiler = typst.Compiler(str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)
    made = compiler.compile(format="png", ppi=DOTS, sys_inputs={"card": json.dumps(data, ensure_ascii=False)})
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single picture")
    return made
