"""The PDF: tagged, archivable, in a font of its own, and nothing typed is ever read as code."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from projects.documents.fonts import fonts
from projects.documents.pdf import pdf
from projects.documents.sheets import Heading, Paragraph, Table
from tests.documents.made import THAI, TYPED, of_every_block, sheet
from tests.documents.reading import objects, page_texts, squeezed, tags


def said(*blocks: object, **more: object) -> str:
    return squeezed("".join(page_texts(pdf(sheet(*blocks, **more)))))  # type: ignore[arg-type]


def test_it_is_pdf_a_2a_and_pdf_ua_with_title_and_language() -> None:
    made = pdf(of_every_block())
    metadata = next(body for body in objects(made).values() if b"/Type/Metadata" in body).decode()
    for mark in (
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "รายงานการประชุม 3/2564",
    ):
        assert mark in metadata
    catalog = next(body for body in objects(made).values() if b"/Type/Catalog" in body)
    for mark in (b"/Lang(th-TH)", b"/MarkInfo<</Marked true", b"/DisplayDocTitle true", b"/StructTreeRoot"):
        assert mark in catalog


def test_headings_paragraphs_and_tables_are_tagged_as_what_they_are() -> None:
    found = tags(pdf(of_every_block()))
    assert [kind for kind in found if re.fullmatch("H[1-9]", kind)] == ["H1", "H1", "H2", "H3"]
    assert found.count("Title") == 1
    assert (found.count("Table"), found.count("TR"), found.count("TH")) == (2, 23, 3)


def test_a_heading_that_skips_a_level_is_drawn_up() -> None:
    made = pdf(sheet(Heading("หนึ่ง", "1", 1), Heading("สาม", "1.1.1", 3), Heading("ลึก", "2", 9), Heading("ใหม่", "3", 1)))
    assert [kind for kind in tags(made) if re.fullmatch("H[1-9]", kind)] == ["H1", "H2", "H3", "H1"]


def test_the_page_is_a4_and_numbered_from_the_second_on() -> None:
    made = pdf(of_every_block(digits="thai"))
    sizes = re.findall(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", made)
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}
    pages = page_texts(made)
    assert len(pages) > 3
    assert "-๑-" not in squeezed(pages[0])
    assert [squeezed(page)[:3] for page in pages[1:4]] == ["-๒-", "-๓-", "-๔-"]
    assert squeezed(page_texts(pdf(of_every_block()))[1]).startswith("-2-")


def test_the_font_is_in_the_file_and_none_of_the_machine_is_used() -> None:
    made = pdf(of_every_block())
    embedded = set(re.findall(rb"/BaseFont/[A-Z]{6}\+([\w-]+)", made))
    assert embedded == {b"Sarabun-Regular", b"Sarabun-Bold"}
    assert len(re.findall(rb"/FontFile2", made)) == 2
    assert "Sarabun" in fonts().families() and len(fonts().families()) == 5


@pytest.mark.parametrize("typed", TYPED)
def test_what_people_type_stays_text(typed: str) -> None:
    text = said(Paragraph(typed), Heading(typed), Table((typed,), ((typed,),), (1,)), lines=(typed,))
    assert text.count(squeezed(typed)) == 5
    assert "root:" not in text


def test_thai_is_read_back_as_it_was_written() -> None:
    typed = "ผู้ที่มีน้ำใจ ทั้งนี้ ปฏิญญา ญี่ปุ่น กตัญญู ฐานข้อมูล เก่ง"
    assert said(Paragraph(typed)) == squeezed(f"รายงาน{typed}")


def test_a_line_break_stays_one() -> None:
    (page,) = page_texts(pdf(sheet(Paragraph("หนึ่ง\nสอง"))))
    assert [line for line in page.split("\n") if line] == ["รายงาน", "หนึ่ง", "สอง"]


def test_a_character_without_a_picture_becomes_a_box_and_the_rest_stays() -> None:
    assert said(Paragraph("ยินดี 😀 中 ok → ≥")) == "รายงานยินดี□□ok→≥"


def test_long_words_break_instead_of_leaving_the_paper() -> None:
    made = pdf(sheet(Paragraph("x" * 5000), Paragraph("ก" * 5000)))
    text = "".join(page_texts(made))
    assert text.count("x") == 5000 and text.count("ก") >= 5000
    lines = [line for line in re.split("\n", text) if "x" in line]
    assert max(map(len, lines)) < 110


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf(of_every_block()) == pdf(of_every_block())


def test_documents_written_at_the_same_time_do_not_mix() -> None:
    sheets = [sheet(Paragraph(f"{THAI} {n}"), lines=(f"ฉบับ {n}",)) for n in range(16)]
    alone = [pdf(each) for each in sheets]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(pdf, sheets)) == alone
    assert len(set(alone)) == 16
