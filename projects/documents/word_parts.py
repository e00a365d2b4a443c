"""The parts of a DOCX that are the same in every document: page, styles, header, properties.

After คำอธิบายการพิมพ์หนังสือราชการภาษาไทยด้วยโปรแกรมการพิมพ์ในเครื่องคอมพิวเตอร์, the explanation of how letters are typed on
a computer that the permanent secretary of the Prime Minister's Office gave under section 8 of the regulation on
correspondence (ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526): margins of 3 cm left and 2 cm right, so a line of
16 cm; single spacing; paragraphs begin 2.5 cm in; 6 pt before the parts of a letter; TH SarabunPSK 16 pt. From the
second page on the number stands between hyphens in the middle above the text. No upper and lower margin is named
there; 2.5 and 2 cm are what offices use.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

FONT, SIZE = "TH SarabunPSK", 32
"""The font, and its size in half points."""
LINE = 9071
"""16 cm in twentieths of a point."""
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMES = f'xmlns:w="{_W}" xmlns:r="{_R}"'
STYLES = {"body": "Body", "indented": "Indented", "centred": "Centred", "title": "Subtitle", "numbered": "Numbered"}
LED = {"body": "Led", "indented": "Numbered"}
"""Where a lead stands before the text."""

_FONTS = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
_SIZES = f'<w:sz w:val="{SIZE}"/><w:szCs w:val="{SIZE}"/>'
_LANGUAGE = '<w:lang w:val="en-US" w:eastAsia="th-TH" w:bidi="th-TH"/>'


def run_properties(*, bold: bool = False) -> str:
    """Font, weight, size and language, for Latin and for complex script."""
    return f"<w:rPr>{_FONTS}{'<w:b/><w:bCs/>' if bold else ''}{_SIZES}{_LANGUAGE}</w:rPr>"


def heading_place(level: int) -> tuple[int, int]:
    """Where a heading's number stands, and how far behind it the text hangs."""
    return (0, 1985) if level == 1 else (567 + 284 * (min(level, 5) - 2), 510 + 199 * (min(level, 5) - 1))


def _style(
    name: str, title: str, own: str = "", *, bold: bool = False, follows: str = "Body", based: str = "Normal"
) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{title}"/><w:basedOn w:val="{based}"/>'
        f'<w:next w:val="{follows}"/><w:qFormat/><w:pPr>{own}</w:pPr>{run_properties(bold=bold)}</w:style>'
    )


def _table_style(name: str, title: str, own: str) -> str:
    return (
        f'<w:style w:type="table" w:styleId="{name}"><w:name w:val="{title}"/><w:basedOn w:val="TableNormal"/>'
        f"{run_properties()}<w:tblPr>{own}</w:tblPr></w:style>"
    )


def styles() -> str:
    """Every style that a document uses, and no other."""
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        f"{run_properties()}</w:style>"
    )
    character = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        f'<w:name w:val="Default Paragraph Font"/><w:semiHidden/>{run_properties()}</w:style>'
    )
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in _SIDES.items())
    plain = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>'
        f'{run_properties()}<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        "</w:style>"
    )
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    padded = '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
    headings = "".join(
        _style(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/><w:keepLines/><w:spacing w:before="{240 if level == 1 else 120}"/>'
            f'<w:outlineLvl w:val="{level - 1}"/>',
            bold=True,
            follows="Indented",
        )
        for level in range(1, 10)
    )
    centred = '<w:jc w:val="center"/>'
    return "".join(
        [
            f"{XML}<w:styles {NAMES}><w:docDefaults><w:rPrDefault>{run_properties()}</w:rPrDefault>",
            "<w:pPrDefault/></w:docDefaults>",
            normal + character + plain,
            _table_style("Plain", "Columns", ""),
            _table_style("Ruled", "Table Grid", f"<w:tblBorders>{rules}</w:tblBorders>{padded}"),
            _style("Title", "Title", f"<w:keepNext/>{centred}", bold=True, follows="Subtitle"),
            _style("Subtitle", "Subtitle", f"<w:keepNext/>{centred}", bold=True, follows="Subtitle"),
            headings,
            _style("Body", "Body Text"),
            _style("Led", "Led", _BEFORE, follows="Indented"),
            _style("Indented", "Body Text First Indent", _BEFORE + _FIRST_LINE, follows="Indented"),
            _style("Numbered", "Numbered", _FIRST_LINE, follows="Numbered"),
            _style("Centred", "Centred", centred),
            _style("Labelled", "Labelled", _BEFORE, follows="Labelled"),
            _style("Signature", "Signature", f'<w:keepLines/><w:ind w:left="3969"/>{centred}', follows="Signature"),
            _style("Header", "header", centred, follows="Header"),
            _style("Gap", "Gap"),
            "</w:styles>",
        ]
    )


_BEFORE = '<w:spacing w:before="120"/>'
_FIRST_LINE = '<w:ind w:firstLine="1417"/>'
_SIDES = {"top": 0, "left": 0, "bottom": 0, "right": 113}


def page(*, thai: bool) -> str:
    """A4 with the margins; numbers from the second page on, in Thai digits where asked."""
    digits = ' w:fmt="thaiNumbers"' if thai else ""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:headerReference w:type="first" r:id="rId5"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1417" w:right="1134" w:bottom="1134" w:left="1701"'
        ' w:header="794" w:footer="567" w:gutter="0"/>'
        f"<w:pgNumType{digits}/><w:titlePg/></w:sectPr>"
    )


_KEEP = 'xml:space="preserve"'


def _run(inner: str) -> str:
    return f"<w:r>{run_properties()}{inner}</w:r>"


def _field(kind: str) -> str:
    return f'<w:fldChar w:fldCharType="{kind}"/>'


def _header(runs: str) -> str:
    return f'{XML}<w:hdr {NAMES}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{runs}</w:p></w:hdr>'


def header(*, thai: bool) -> str:
    """The page number between hyphens."""
    parts = [
        f"<w:t {_KEEP}>- </w:t>",
        _field("begin"),
        f"<w:instrText {_KEEP}> PAGE </w:instrText>",
        _field("separate"),
        f"<w:t>{'๒' if thai else '2'}</w:t>",
        _field("end"),
        f"<w:t {_KEEP}> -</w:t>",
    ]
    return _header("".join(_run(part) for part in parts))


def no_header() -> str:
    """The first page has no number."""
    return _header("")


def core(title: str, language: str, day: date) -> str:
    """What the file says of itself: its title, its language and the day it speaks of; nobody's name."""
    moment = f'xsi:type="dcterms:W3CDTF">{day.isoformat()}T00:00:00Z'
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:language>{'th-TH' if language == 'th' else 'en-GB'}</dc:language>"
        f"<dcterms:created {moment}</dcterms:created><dcterms:modified {moment}</dcterms:modified></cp:coreProperties>"
    )


# --- pictures --------------------------------------------------------------------------------------------------------
_EMU = 635
"""English metric units in a twentieth of a point."""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def picture_name(made: Any) -> str:
    """What a picture is called in the package: by what it shows."""
    return f"pic{hashlib.sha256(made.png).hexdigest()[:12]}"


def pictured(made: Any, alt: str) -> str:
    """A picture as wide as the line; `alt` is XML already."""
    width = LINE * _EMU
    height, name = width * made.height // made.width, picture_name(made)
    number = int(name[3:10], 16) + 1
    size = f'cx="{width}" cy="{height}"'
    told = f'id="{number}" name="{name}" descr="{alt}"'
    shape = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    return (
        f'<w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr {told}/><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture">'
        f"<pic:nvPicPr><pic:cNvPr {told}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>{shape}</pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def with_png(types: str) -> str:
    """The list of kinds with that of pictures."""
    return types.replace("<Override", '<Default Extension="png" ContentType="image/png"/><Override', 1)


def with_pictures(relations: str, pictures: Iterable[Any]) -> str:
    """The relations of the main part with its pictures, each named once."""
    added = "".join(
        f'<Relationship Id="{name}" Type="{_R}/image" Target="media/{name}.png"/>'
        for name in dict.fromkeys(map(picture_name, pictures))
    )
    return relations.replace("</Relationships>", f"{added}</Relationships>")


_PARTS = {
    "styles": "styles",
    "settings": "settings",
    "fontTable": "fontTable",
    "header1": "header",
    "header2": "header",
}
CONTENT_TYPES = (
    f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MIME}.document.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_MIME}.{kind}+xml"/>' for name, kind in _PARTS.items()
    )
    + '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
)
RELATIONS = (
    f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_R}/extended-properties" Target="docProps/app.xml"/></Relationships>'
)
DOCUMENT_RELATIONS = (
    f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{at}" Type="{_R}/{kind}" Target="{name}.xml"/>'
        for at, (name, kind) in enumerate(_PARTS.items(), 1)
    )
    + "</Relationships>"
)
APP = (
    f'{XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>GovLab</Application></Properties>"
)
SETTINGS = (
    f'{XML}<w:settings {NAMES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/>'
    "<w:compat><w:applyBreakingRules/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat>"
    '<w:themeFontLang w:val="en-US" w:bidi="th-TH"/></w:settings>'
)
FONT_TABLE = (
    f'{XML}<w:fonts {NAMES}><w:font w:name="{FONT}"><w:altName w:val="TH Sarabun New"/><w:charset w:val="DE"/>'
    '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
)
