"""Digits as an office wants them, and what no document may hold."""

import pytest

from projects.documents.ready import clean, official_digits, ready
from projects.documents.sheets import Heading, Paragraph, Table
from tests.documents.made import sheet


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ครั้งที่ 3/2564", "ครั้งที่ ๓/๒๕๖๔"),
        ("วันที่ 23 พฤศจิกายน 2564 เวลา 9.30–12.00 น.", "วันที่ ๒๓ พฤศจิกายน ๒๕๖๔ เวลา ๙.๓๐–๑๒.๐๐ น."),
        ("1.1.2", "๑.๑.๒"),
        ("ร้อยละ 12.5 (1,500 คน)", "ร้อยละ ๑๒.๕ (๑,๕๐๐ คน)"),
        ("โครงการ GL2562-3 ปี 2562", "โครงการ GL2562-3 ปี ๒๕๖๒"),
        ("โครงการGL2562-3และ2562", "โครงการGL2562-3และ๒๕๖๒"),
        ("COVID-19 ระลอก 2", "COVID-19 ระลอก ๒"),
        ("Web3 และ 5G กับ A4", "Web3 และ 5G กับ A4"),
        ("ISO 9001:2015 และ ISO/IEC 27001 ข้อ 4", "ISO 9001:2015 และ ISO/IEC 27001 ข้อ ๔"),
        ("https://opdc.go.th/2564/เรื่อง/12 หน้า 5", "https://opdc.go.th/2564/เรื่อง/12 หน้า ๕"),
        ("www.x.th/9 saraban2@opdc.go.th โทร. 02 356 9999", "www.x.th/9 saraban2@opdc.go.th โทร. ๐๒ ๓๕๖ ๙๙๙๙"),
        ("รายงาน_2564.pdf", "รายงาน_2564.pdf"),
        ("Delivery Unit 2 แห่ง", "Delivery Unit ๒ แห่ง"),
        ("เรื่อง (2) ข้อ 3)", "เรื่อง (๒) ข้อ ๓)"),
        ("๓/๒๕๖๔", "๓/๒๕๖๔"),
        ("", ""),
    ],
)
def test_numbers_of_thai_text_become_thai_and_codes_stay(typed: str, written: str) -> None:
    assert official_digits(typed) == written


def test_a_number_only_document_takes_the_digits_it_was_asked_for() -> None:
    blocks = (Heading("ปี 2564", "1.1"), Table(("ปี 1",), (("2",),), (3,)), Paragraph("GL2562-3", lead="4"))
    done = ready(sheet(*blocks, digits="thai", lines=("ครั้งที่ 3",)))
    assert done.lines == ("ครั้งที่ ๓",)
    assert done.blocks == (
        Heading("ปี ๒๕๖๔", "๑.๑"),
        Table(("ปี ๑",), (("๒",),), (3,)),
        Paragraph("GL2562-3", lead="๔"),
    )
    assert ready(sheet(*blocks)).blocks == blocks
    assert ready(sheet(*blocks, digits="thai", language="en")).blocks == blocks, "English has no Thai digits"


def test_what_is_illegal_or_unseen_goes_and_a_line_break_stays_one() -> None:
    assert clean("a\x00b\x08c\x1bd\x7fe\ud800f\ufffeg\ufdd0h\U0001fffei") == "abcdefghi"
    assert clean("\u202egnp.exe\u2066") == "gnp.exe", "nothing turns the direction of reading"
    assert clean("a\r\nb\rc\x0bd\u2028e\x85f") == "a\nb\nc\nd\ne\nf"
    assert clean("a\tb") == "a b"
    assert clean("น้ำ 😀 é") == "น้ำ 😀 é"
