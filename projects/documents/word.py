"""A sheet as DOCX, written part by part: TH SarabunPSK 16 pt on A4, the same bytes for the same sheet.

Every run says its font and size for complex script too (`w:cs`, `w:szCs`, `w:bCs`): without them Word shows Thai in
another font. Texts go in as XML text and nothing else, so what people type stays text.
"""

import unicodedata
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from projects.documents import word_parts as parts
from projects.documents.drawing import picture
from projects.documents.ready import in_thai, ready
from projects.documents.sheets import (
    Bars,
    Block,
    Drawing,
    Gap,
    Heading,
    PageBreak,
    Paragraph,
    People,
    Person,
    Scales,
    Sheet,
    Sides,
    Signature,
    Signs,
    Table,
)

CM = 567
"""Twentieths of a point in a centimetre."""
SPACE = "\u2002"
QUOTE = {'"': "&quot;"}
MIDNIGHT = (1980, 1, 1, 0, 0, 0)


def run(text: str, *, bold: bool = False) -> str:
    """Text of one weight; a line break typed stays a line break."""
    shown = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{parts.run_properties(bold=bold)}{shown}</w:r>"


def tab() -> str:
    """A step to the next stop, in the document's font."""
    return f"<w:r>{parts.run_properties()}<w:tab/></w:r>"


def paragraph(runs: str, style: str, properties: str = "") -> str:
    """A paragraph of a style, with what is its own."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def heading(block: Heading) -> str:
    """A heading that Word's outline knows; the text hangs from its number."""
    level = min(max(block.level, 1), 9)
    if not block.number:
        return paragraph(run(block.text, bold=True), f"Heading{level}")
    before, hang = parts.heading_place(level)
    place = (
        f'<w:tabs><w:tab w:val="left" w:pos="{before + hang}"/></w:tabs>'
        f'<w:ind w:left="{before + hang}" w:hanging="{hang}"/>'
    )
    return paragraph(run(block.number, bold=True) + tab() + run(block.text, bold=True), f"Heading{level}", place)


def wide(text: str) -> int:
    """About how wide a short text is: marks above and below take no room."""
    return sum(0 if unicodedata.category(char) == "Mn" else 112 for char in text)


def written(block: Paragraph) -> str:
    """A paragraph in one of the styles of a sheet."""
    if block.style == "labelled":
        hang = wide(block.lead) + CM // 2
        place = f'<w:tabs><w:tab w:val="left" w:pos="{hang}"/></w:tabs><w:ind w:left="{hang}" w:hanging="{hang}"/>'
        return paragraph(run(block.lead) + tab() + run(block.text), "Labelled", place)
    text = run(block.text, bold=block.style == "title")
    if not block.lead:
        return paragraph(text, parts.STYLES[block.style])
    lead = run(block.lead + SPACE, bold=block.style in parts.LED)
    alone = "" if block.text else "<w:keepNext/>"
    return paragraph(lead + text, parts.LED.get(block.style, parts.STYLES[block.style]), alone)


def table(rows: list[str], widths: list[int], style: str) -> str:
    """A table of fixed widths, in twentieths of a point."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def row(cells: list[str], widths: list[int], *, head: bool = False) -> str:
    """A row that no page break cuts; a head comes again on each page."""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{inner}</w:tr>"


def shares(widths: tuple[int, ...]) -> list[int]:
    """The line divided up."""
    return [parts.LINE * width // sum(widths) for width in widths]


def people(block: People, numerals: str) -> str:
    """A numbered list in three columns without lines."""
    widths = [12 * CM // 10, 66 * CM // 10, parts.LINE - 78 * CM // 10]

    def cells(number: int, person: Person) -> list[str]:
        role = "\n".join(filter(None, [person.role, person.note]))
        place = "".join(numerals[int(digit)] for digit in str(number))
        return [paragraph(run(text), "Body") for text in (f"{place}.", person.name, role)]

    return table([row(cells(at, one), widths) for at, one in enumerate(block.rows, 1)], widths, "Plain")


def ruled(block: Table) -> str:
    """A table with lines, its head in bold."""
    widths = shares(block.widths)
    head = row([paragraph(run(cell, bold=True), "Body") for cell in block.head], widths, head=True)
    rows = [row([paragraph(run(cell), "Body") for cell in cells], widths) for cells in block.rows]
    return table([head, *rows], widths, "Ruled")


def signature(block: Signature) -> str:
    """Lines in the middle of the right half, kept on one page."""
    above = (
        [paragraph(run(block.above), "Signature", '<w:keepNext/><w:spacing w:before="240"/>')] if block.above else []
    )
    last = len(block.below) - 1
    below = [
        paragraph(
            run(line),
            "Signature",
            ("<w:keepNext/>" if at < last else "") + ('<w:spacing w:before="900"/>' if at == 0 else ""),
        )
        for at, line in enumerate(block.below)
    ]
    return "".join(above + below)


def sides(block: Sides) -> str:
    """Two cells without lines."""
    widths = [parts.LINE - 75 * CM // 10, 75 * CM // 10]
    return table([row([paragraph(run(text), "Body") for text in (block.left, block.right)], widths)], widths, "Plain")


def gap(block: Gap) -> str:
    """An empty line of this height."""
    return paragraph("", "Gap", f'<w:spacing w:line="{block.height * CM // 10}" w:lineRule="exact"/>')


def page_break() -> str:
    """The end of a page."""
    return paragraph(f'<w:r>{parts.run_properties()}<w:br w:type="page"/></w:r>', "Gap")


def drawn(block: Drawing) -> str:
    """A drawing as a picture as wide as the line, with its words for whoever does not see it."""
    made = picture(block)
    return paragraph(f"<w:r>{parts.pictured(made, escape(block.alt, QUOTE))}</w:r>", "Body")


WRITERS: dict[type[Block], Callable[[Any, str], str]] = {
    Heading: lambda block, _: heading(block),
    Paragraph: lambda block, _: written(block),
    People: people,
    Table: lambda block, _: ruled(block) + gap(Gap(3)),
    Sides: lambda block, _: sides(block),
    Signature: lambda block, _: signature(block),
    Gap: lambda block, _: gap(block),
    PageBreak: lambda block, _: page_break(),
    **dict.fromkeys((Bars, Signs, Scales), lambda block, _: drawn(block) + gap(Gap(3))),
}
"""How each kind of block is written; the text says which numerals count people."""


def document(sheet: Sheet) -> str:
    """The main part: the heading lines, the blocks, the page."""
    numerals = "๐๑๒๓๔๕๖๗๘๙" if in_thai(sheet) else "0123456789"
    lines = [paragraph(run(line, bold=True), "Title" if at == 0 else "Subtitle") for at, line in enumerate(sheet.lines)]
    blocks = [WRITERS[type(block)](block, numerals) for block in sheet.blocks]
    return (
        f"{parts.XML}<w:document {parts.NAMES}><w:body>{''.join(lines)}{''.join(blocks)}"
        f"{parts.page(thai=in_thai(sheet))}</w:body></w:document>"
    )


def word(sheet: Sheet) -> bytes:
    """The document's bytes; the same for the same sheet."""
    sheet = ready(sheet)
    files = {
        "[Content_Types].xml": parts.CONTENT_TYPES,
        "_rels/.rels": parts.RELATIONS,
        "docProps/core.xml": parts.core(escape(sheet.title), sheet.language, sheet.day),
        "docProps/app.xml": parts.APP,
        "word/document.xml": document(sheet),
        "word/_rels/document.xml.rels": parts.DOCUMENT_RELATIONS,
        "word/styles.xml": parts.styles(),
        "word/settings.xml": parts.SETTINGS,
        "word/fontTable.xml": parts.FONT_TABLE,
        "word/header1.xml": parts.header(thai=in_thai(sheet)),
        "word/header2.xml": parts.no_header(),
    }
    pictures = [picture(block) for block in sheet.blocks if isinstance(block, Bars | Signs | Scales)]
    if pictures:
        files["[Content_Types].xml"] = parts.with_png(parts.CONTENT_TYPES)
        files["word/_rels/document.xml.rels"] = parts.with_pictures(parts.DOCUMENT_RELATIONS, pictures)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(zipfile.ZipInfo(name, MIDNIGHT), text.encode(), zipfile.ZIP_DEFLATED)
        for name, png in {parts.picture_name(each): each.png for each in pictures}.items():
            package.writestr(zipfile.ZipInfo(f"word/media/{name}.png", MIDNIGHT), png, zipfile.ZIP_DEFLATED)
    return made.getvalue()
