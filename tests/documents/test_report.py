"""Reports as documents: the head, the charts with their words, the tables, and text that stays text."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from projects.documents.pdf import pdf
from projects.documents.report import report_sheet
from projects.documents.sheets import Bars, Scales, Sheet, Signs, Table
from projects.documents.word import word
from projects.exchange.reports import ANSWERED, Change, Count, Line, Measure, Report, Task
from tests.documents.reading import page_texts, paragraphs, part, squeezed, tags

EVIL = '#panic("x") $x$ <b> =1+1 & "'
STATES = ("done", "in_progress", "not_started", "unknown")


def made(lines: int = 2, since: str = "รอบก่อน", title: str = "รุ่นปี 2562") -> Report:
    rows = tuple(
        Line(
            f"GL2562-{n}",
            f"โครงการ {EVIL}",
            "กรมหนึ่ง",
            STATES,
            "ขั้นที่ 2",
            n,
            "ทดสอบแล้ว",
            date(2019, 6, 30),
            "missing",
            False,
            "published" if n else "draft",
        )
        for n in range(lines)
    )
    change = Change("GL2562-1", EVIL, "2. ขั้น", "ยังไม่เริ่ม", "กำลังทำ", "draft")
    counted = tuple(Count(key, str(label), 3, 1 if since else None) for key, label in ANSWERED.items())
    stages = (Count("1", "1. ภาพรวม", 2, 1 if since else None), Count("5", "ครบทุกขั้น", 0, 0 if since else None))
    measures = (
        Measure(
            "GL2562-1",
            f"โรงเรียน {EVIL}",
            "แห่ง",
            Decimal(0),
            Decimal(5),
            Decimal("9.50"),
            date(2019, 6, 30),
            Decimal(12),
        ),
        Measure("GL2562-1", "ไม่มีค่า", "", None, None, None, None, None),
    )
    tasks = (Task(EVIL, "ครั้งที่ 1/2562", date(2019, 3, 1), "รอคำตอบ", 4),)
    day = date(2021, 11, 23)
    return Report("round", title, day, since, rows, stages, counted, measures, (change,), (), (change,), tasks)


def test_the_head_names_the_report_its_day_and_what_it_is_compared_with():
    assert report_sheet(made()).lines == (
        "รายงานสรุปรอบการรายงาน",
        "รุ่นปี 2562",
        "ข้อมูล ณ วันที่ 23 พฤศจิกายน 2564",
        "เปรียบเทียบกับ รอบก่อน",
    )


def test_every_chart_says_in_words_what_it_draws():
    sheet = report_sheet(made(), language="en")
    bars = [block for block in sheet.blocks if isinstance(block, Bars)]
    (signs,) = [block for block in sheet.blocks if isinstance(block, Signs)]
    (scales,) = [block for block in sheet.blocks if isinstance(block, Scales)]
    assert bars[0].alt == "Stages reached. 1. ภาพรวม: 2 (before: 1); ครบทุกขั้น: 0 (before: 0)"
    assert signs.alt.startswith("The four stages of every project; GL2562-0: ขั้นที่ 2; GL2562-1: ")
    assert [(row.baseline, row.now, row.target, row.said) for row in scales.rows] == [
        (0.0, pytest.approx(9.5 / 12), 1.0, "0 → 9.5 / 12 แห่ง")
    ]


def test_diamonds_of_many_projects_are_drawn_in_pieces_that_fit_a_page():
    sheet = report_sheet(made(lines=50))
    assert [len(block.rows) for block in sheet.blocks if isinstance(block, Signs)] == [24, 24, 2]


def test_without_a_round_before_nothing_is_compared():
    sheet = report_sheet(made(since=""), language="en")
    text = repr(sheet)
    for word_of_it in ("(before", "Round before", "What changed"):
        assert word_of_it not in text


def test_the_pdf_is_tagged_has_its_charts_as_figures_and_every_text_as_it_was_typed():
    found = pdf(report_sheet(made()))
    text = squeezed("".join(page_texts(found)))
    assert tags(found).count("Figure") == 4
    assert squeezed(EVIL) in text
    assert squeezed("ข้อมูล ณ วันที่ 23 พฤศจิกายน 2564") in text
    assert squeezed("โครงการที่มีความคืบหน้า") in text
    assert b"pdfaid" in found


def test_the_document_has_its_charts_as_pictures_with_their_words_and_every_text_as_it_was_typed():
    found = word(report_sheet(made()))
    texts = paragraphs(found)
    assert texts[:3] == ["รายงานสรุปรอบการรายงาน", "รุ่นปี 2562", "ข้อมูล ณ วันที่ 23 พฤศจิกายน 2564"]
    assert any(EVIL in text for text in texts)
    with zipfile.ZipFile(io.BytesIO(found)) as package:
        pictures = [name for name in package.namelist() if name.startswith("word/media/")]
        assert all(package.read(name)[:4] == b"\x89PNG" for name in pictures)
    assert len(pictures) == 4
    shown = [each.attrib["descr"] for each in part(found, "word/document.xml").iter() if each.tag.endswith("}docPr")]
    sheet = report_sheet(made())
    assert shown == [block.alt for block in sheet.blocks if isinstance(block, Bars | Signs | Scales)]
    relations = {each.attrib["Id"]: each.attrib["Target"] for each in part(found, "word/_rels/document.xml.rels")}
    embedded = [
        value
        for each in part(found, "word/document.xml").iter()
        if each.tag.endswith("}blip")
        for value in each.attrib.values()
    ]
    assert [f"word/{relations[name]}" for name in embedded] == pictures


def test_a_draft_says_so_wherever_its_title_stands():
    sheet = report_sheet(made())
    drafts = [cell for block in sheet.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    assert [cell.split("\n")[0] for cell in drafts if "(ฉบับร่าง)" in cell] == [
        f"โครงการ {EVIL} (ฉบับร่าง)",
        f"GL2562-1 {EVIL} (ฉบับร่าง)",
        f"GL2562-1 {EVIL} (ฉบับร่าง)",
        f"GL2562-0 โครงการ {EVIL} (ฉบับร่าง)",
    ]
    (signs,) = [block for block in sheet.blocks if isinstance(block, Signs)]
    assert [row.said.endswith(" (ฉบับร่าง)") for row in signs.rows] == [True, False]


def _lines_of(text: str, n: int) -> str:
    return "\n".join([text] * n)


def test_a_row_of_a_table_stays_on_one_page_below_the_head():
    rows = tuple((_lines_of(f"ซ้าย{n}", 9), f"ขวา{n}") for n in range(5))
    sheet = Sheet("ก", date(2021, 1, 1), blocks=(Table(("หัวซ้าย", "หัวขวา"), rows, (1, 1)),))
    pages = page_texts(pdf(sheet))
    assert len(pages) > 1
    assert ["หัวขวา" in page for page in pages] == [True] * len(pages)
    assert sorted(page.count(f"ซ้าย{n}") for n in range(5) for page in pages if f"ซ้าย{n}" in page) == [9] * 5


def test_a_row_longer_than_a_page_loses_nothing():
    rows = ((_lines_of("ยาว", 120), "ขวา"),)
    pages = page_texts(pdf(Sheet("ก", date(2021, 1, 1), blocks=(Table(("หัว", "หาง"), rows, (1, 1)),))))
    held = [page.count("ยาว") for page in pages]
    assert (sum(held), max(held) < 50) == (120, True)  # what runs over the edge of a page is text of it, and unseen


def test_every_column_of_a_report_is_wide_enough_for_its_words():
    tables = [block for block in report_sheet(made()).blocks if isinstance(block, Table)]
    assert [round(16 * min(block.widths) / sum(block.widths), 1) >= 2.5 for block in tables] == [True] * len(tables)


def test_thai_digits_reach_the_charts_too():
    sheet = report_sheet(made(), digits="thai")
    text = "".join(page_texts(pdf(sheet)))
    assert squeezed("๒๓ พฤศจิกายน ๒๕๖๔") in squeezed(text)
    assert "๓ (รอบก่อน ๑)" in text


def test_the_same_report_gives_the_same_bytes():
    assert word(report_sheet(made())) == word(report_sheet(made()))
    assert pdf(report_sheet(made())) == pdf(report_sheet(made()))


def test_an_empty_report_is_a_document_too():
    report = Report("agency", "กรม", date(2021, 1, 1), "", (), (), (), ())
    sheet = report_sheet(report, language="en")
    assert [block for block in sheet.blocks if isinstance(block, Table)] == []
    assert pdf(sheet)[:5] == b"%PDF-"
    assert word(sheet)[:2] == b"PK"
