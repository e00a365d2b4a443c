"""The DOCX: fonts for Thai everywhere, the page of the regulation, text that stays text."""

import zipfile
from io import BytesIO
from xml.etree.ElementTree import Element

import docx
import pytest

from projects.documents.sheets import Heading, Paragraph, Table
from projects.documents.word import word
from tests.documents.made import TYPED, of_every_block, sheet
from tests.documents.reading import W, paragraphs, part

PARTS_WITH_RUNS = ("word/document.xml", "word/header1.xml", "word/header2.xml")


def font_of(properties: Element | None) -> dict[str, str]:
    """What run properties say of font, size and language, for Latin and complex script."""
    assert properties is not None
    said = {name: properties.find(f"{W}{name}") for name in ("rFonts", "sz", "szCs", "lang", "b", "bCs")}
    assert said["rFonts"] is not None and said["sz"] is not None and said["szCs"] is not None
    assert said["lang"] is not None
    assert (said["b"] is None) == (said["bCs"] is None), "bold is bold in Thai, too"
    fonts = {said["rFonts"].get(f"{W}{of}") for of in ("ascii", "hAnsi", "eastAsia", "cs")}
    return {
        "font": "|".join(sorted(map(str, fonts))),
        "sizes": f"{said['sz'].get(f'{W}val')} {said['szCs'].get(f'{W}val')}",
        "bidi": str(said["lang"].get(f"{W}bidi")),
    }


THAI_FONT = {"font": "TH SarabunPSK", "sizes": "32 32", "bidi": "th-TH"}


@pytest.mark.parametrize("name", PARTS_WITH_RUNS)
def test_every_run_has_the_font_and_size_for_thai(name: str) -> None:
    runs = list(part(word(of_every_block()), name).iter(f"{W}r"))
    assert len(runs) >= {"word/header2.xml": 0, "word/header1.xml": 5}.get(name, 100)
    for run in runs:
        assert font_of(run.find(f"{W}rPr")) == THAI_FONT, "".join(run.itertext())


def test_every_style_and_the_default_have_them_too_and_every_style_used_is_there() -> None:
    made = word(of_every_block())
    styles = part(made, "word/styles.xml")
    assert font_of(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) == THAI_FONT
    rows = styles.findall(f"{W}style")
    assert len(rows) > 15
    for row in rows:
        assert font_of(row.find(f"{W}rPr")) == THAI_FONT, row.get(f"{W}styleId")
    names = {row.get(f"{W}styleId") for row in rows}
    body = part(made, "word/document.xml")
    used = {each.get(f"{W}val") for tag in ("pStyle", "tblStyle") for each in body.iter(f"{W}{tag}")}
    assert used <= names
    assert {"Title", "Heading1", "Heading2", "Heading3"} <= used


def test_the_page_is_a4_with_the_margins_of_the_regulation() -> None:
    section = docx.Document(BytesIO(word(of_every_block()))).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [round(margin.cm, 1) for margin in margins] == [3.0, 2.0, 2.5, 2.0]
    assert section.different_first_page_header_footer


@pytest.mark.parametrize(("digits", "format_"), [("arabic", None), ("thai", "thaiNumbers")])
def test_pages_are_numbered_from_the_second_on(digits: str, format_: str | None) -> None:
    made = word(of_every_block(digits=digits))
    number = next(part(made, "word/document.xml").iter(f"{W}pgNumType"))
    assert number.get(f"{W}fmt") == format_
    assert [each.text.strip() for each in part(made, "word/header1.xml").iter(f"{W}instrText")] == ["PAGE"]
    assert "".join(part(made, "word/header2.xml").itertext()) == ""


def test_another_reader_finds_headings_lists_and_tables() -> None:
    document = docx.Document(BytesIO(word(of_every_block(digits="thai"))))
    headings = [row for row in document.paragraphs if row.style.name.lower().startswith("heading")]
    assert [row.style.name.lower() for row in headings] == ["heading 1", "heading 1", "heading 2", "heading 3"]
    assert headings[2].text == "๑.๑\tข้อ"
    sides, people, programme, small = document.tables
    assert [cell.text for cell in sides.rows[0].cells] == ["ที่ นร ๑๒๐๓/ว ๑๒", "สำนักงาน ก.พ.ร.\nถนนพิษณุโลก"]
    assert [cell.text for cell in people.rows[10].cells] == ["๑๑.", "นายสมชาย ๑๐", "กรรมการ\nแทน นางมาลี"]
    assert len(programme.rows) == 21
    assert [cell.text for cell in small.rows[1].cells] == ["ข"]


def test_the_head_of_a_table_comes_again_on_each_page_and_no_row_is_cut() -> None:
    rows = list(part(word(sheet(Table(("ก",), (("ข",), ("ค",)), (1,)))), "word/document.xml").iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


@pytest.mark.parametrize("typed", TYPED)
def test_what_people_type_stays_text(typed: str) -> None:
    made = word(sheet(Paragraph(typed), Heading(typed), lines=(typed,)))
    assert paragraphs(made) == [typed] * 3
    document = part(made, "word/document.xml")
    assert {each.tag for each in document.iter()} & {f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"} == set()


def test_a_line_break_is_one_and_what_xml_forbids_is_gone() -> None:
    made = word(sheet(Paragraph("หนึ่ง\r\nสอง\x0bสาม\x00\x1b 😀")))
    assert paragraphs(made)[1] == "หนึ่ง\nสอง\nสาม 😀"
    assert len(list(part(made, "word/document.xml").iter(f"{W}br"))) == 2


def test_five_thousand_characters_arrive_whole() -> None:
    assert paragraphs(word(sheet(Paragraph("ก" * 5000))))[1] == "ก" * 5000


def test_the_file_says_its_title_and_language_and_nothing_of_the_machine() -> None:
    made = word(of_every_block())
    properties = docx.Document(BytesIO(made)).core_properties
    assert (properties.title, properties.language) == ("รายงานการประชุม 3/2564", "th-TH")
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert str(properties.created)[:10] == str(properties.modified)[:10] == "2021-11-23"
    with zipfile.ZipFile(BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.testzip() is None


def test_the_same_document_gives_the_same_bytes() -> None:
    assert word(of_every_block()) == word(of_every_block())
    assert word(of_every_block()) != word(of_every_block(digits="thai"))
