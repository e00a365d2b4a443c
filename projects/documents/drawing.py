"""A drawing of a document as a picture, for Word, which cannot draw what typst draws into a PDF."""

import json
import struct
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import typst

from projects.documents.fonts import fonts
from projects.documents.pdf import breakable, every_text, showable
from projects.documents.sheets import Drawing

TEMPLATE = Path(__file__).with_name("drawing_page.typ")
DOTS = 200.0
"""Pixels to the inch, sharp on paper."""


class Picture(NamedTuple):
    """A PNG and its size in pixels."""

    png: bytes
    width: int
    height: int


@lru_cache(maxsize=32)
def picture(drawing: Drawing) -> Picture:
    """The drawing as wide as a line; the same bytes for the same drawing."""
    data = {**asdict(drawing), "kind": type(drawing).__name__}
    data = every_text(data, lambda text: breakable(showable(text)))
    compiler = typst.Compiler(str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)
    inputs = {"drawing": json.dumps(data, ensure_ascii=False)}
    made = compiler.compile(format="png", ppi=DOTS, sys_inputs=inputs)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single picture")
    width, height = struct.unpack(">II", made[16:24])
    return Picture(made, width, height)
