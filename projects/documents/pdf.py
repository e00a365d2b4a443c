"""A sheet as PDF by typst: tagged, PDF/A-2a and PDF/UA-1, in Sarabun; texts go in as data, never as code.

Sarabun is TH SarabunPSK drawn larger in its square: 11.5 pt of the one stand as 16 pt of the other.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from projects.documents.fonts import fonts, in_sarabun
from projects.documents.ready import ready
from projects.documents.sheets import Heading, Sheet

TEMPLATE = Path(__file__).with_name("sheet.typ")
STANDARDS: list[Any] = ["a-2a", "ua-1"]
NO_GLYPH = "□"
_LONG_WORD = re.compile(r"[!-~\u00a1-\u024f]{48,}")


def breakable(text: str) -> str:
    """The text with places to break inside words of Latin letters that are longer than half a line."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,24}", word[0])), text)


def showable(text: str) -> str:
    """The text with a box for each character that Sarabun has no picture of: emoji, Chinese."""
    return "".join(char if ord(char) in in_sarabun() or char in "\n\u200b" else NO_GLYPH for char in text)


def as_data(sheet: Sheet) -> dict[str, Any]:
    """The sheet as JSON takes it; each block with its kind, no heading more than one level below the one before."""
    data = asdict(sheet)
    data["day"] = [sheet.day.year, sheet.day.month, sheet.day.day]
    level = 0
    for block, as_dict in zip(sheet.blocks, data["blocks"], strict=True):
        as_dict["kind"] = type(block).__name__
        if isinstance(block, Heading):
            level = as_dict["level"] = min(block.level, level + 1)
    return data


def every_text(value: Any, change: Any) -> Any:
    """The same data with each text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: every_text(one, change) for key, one in value.items()}
    return [every_text(one, change) for one in value] if isinstance(value, list | tuple) else value


def pdf(sheet: Sheet) -> bytes:
    """The document's bytes; the same for the same sheet."""
    data = every_text(as_data(ready(sheet)), breakable)
    try:
        return _compiled(data)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compiled(every_text(data, showable))


def _compiled(data: dict[str, Any]) -> bytes:
    compiler = typst.Compiler(str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)
    inputs = {"sheet": json.dumps(data, ensure_ascii=False)}
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made
