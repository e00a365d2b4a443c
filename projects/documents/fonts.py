"""Sarabun for documents, with marks that stand level: so that Thai can be copied out of a PDF and read aloud.

Where a tone mark is set a hair higher or lower than the mark before it, typst writes it apart from its letters, and
whoever copies ทั้งนี้ out of the file gets ทั้ทั้งนี้. Moved level, by 0.7 pt at most, a syllable stays together.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_sarabun
import typst
from fontTools.ttLib import TTFont

FILES = fontpkg_sarabun.ROOT / "files"
FACES = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")
LEVEL = 60
"""Thousandths of the size by which a mark may be moved."""
_ON_LETTER, _ON_MARK = 4, 6  # kinds of GPOS lookups
_EVERY_FACE = b'#set text(font: "Sarabun")\nk *k*'


def _attachments(font: TTFont) -> Iterator[tuple[list[Any], list[list[Any]]]]:
    """The marks of each table of the font that places them, and the anchors of what they are placed on."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for each in lookup.SubTable:
            table = getattr(each, "ExtSubTable", each)
            if table.LookupType == _ON_LETTER:
                yield table.MarkArray.MarkRecord, [row.BaseAnchor for row in table.BaseArray.BaseRecord]
            elif table.LookupType == _ON_MARK:
                yield table.Mark1Array.MarkRecord, [row.Mark2Anchor for row in table.Mark2Array.Mark2Record]


def level_marks(font: TTFont) -> None:
    """Moves the anchors so that a mark stands as high as it is drawn, wherever that is a matter of a hair."""
    for marks, rows in _attachments(font):
        heights: dict[int, Counter[int]] = {}
        for mark in marks:
            heights.setdefault(mark.Class, Counter())[mark.MarkAnchor.YCoordinate] += 1
        usual = {of: [height for height, _times in counted.most_common()] for of, counted in heights.items()}
        for mark in marks:
            mark.MarkAnchor.YCoordinate = _nearest(mark.MarkAnchor.YCoordinate, usual[mark.Class], within=6)
        for row in rows:
            for of, anchor in enumerate(row):
                if anchor is not None and of in usual:
                    anchor.YCoordinate = _nearest(anchor.YCoordinate, usual[of], within=LEVEL)


def _nearest(height: int, usual: list[int], *, within: int) -> int:
    """The most usual height that is near enough, else the height itself."""
    return next((each for each in usual if abs(each - height) <= within), height)


@cache
def fonts() -> typst.Fonts:
    """Sarabun and what typst brings along for signs Sarabun lacks; nothing of the machine's.

    Each face is used once, which reads it: the files are needed no longer.
    """
    with tempfile.TemporaryDirectory(prefix="fonts-") as folder:
        for name in FACES:
            with TTFont(FILES / name) as font:
                level_marks(font)
                font.save(Path(folder) / name)
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
        typst.Compiler(_EVERY_FACE, font_paths=found, ignore_system_fonts=True).compile(format="pdf")
    return found


@cache
def in_sarabun() -> frozenset[int]:
    """The characters that Sarabun can show."""
    with TTFont(FILES / FACES[0]) as font:
        return frozenset(font.getBestCmap())
