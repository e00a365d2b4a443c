"""The letter of invitation and its enclosure, and the programme of a conference."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from projects.documents.heads import BLANK, behind_thai, times
from projects.documents.invitation import ADDRESS as ADDRESS_LINE
from projects.documents.invitation import invitation
from projects.documents.programme import programme
from projects.documents.sheets import Gap, Heading, PageBreak, Paragraph, Sides, Signature, Table
from projects.models import AgendaItem, Meeting, MeetingPerson, MeetingSession
from tests import factories
from tests.documents import held
from tests.documents.held import ADDRESS

pytestmark = pytest.mark.django_db


def letter_of(sheet):
    return sheet.blocks[: sheet.blocks.index(PageBreak())]


def enclosure_of(sheet):
    return sheet.blocks[sheet.blocks.index(PageBreak()) + 1 :]


def test_the_letter_has_the_form_of_an_official_one(staff, agency):
    meeting = held.of_series(
        staff, held.SECOND, place_th="ห้องประชุม 1", ends_at=dt.time(12), letter_number="นร 1203/ว 12",
        letter_on=dt.date(2021, 11, 9), hosts=[agency],
    )  # fmt: skip
    _gap, *letter = letter_of(invitation(meeting, staff))
    assert letter == [
        Sides("ที่ นร 1203/ว 12", f"{agency.name_th}\n{ADDRESS_LINE}"),
        Paragraph("9 พฤศจิกายน 2564", "centred"),
        Paragraph("ขอเชิญประชุม อ.ก.พ.ร. เพื่ออนาคต ครั้งที่ 1/2564", "labelled", "เรื่อง"),
        Paragraph("อ.ก.พ.ร. เพื่ออนาคต", "labelled", "เรียน"),
        Paragraph("ระเบียบวาระการประชุม จำนวน 1 ฉบับ", "labelled", "สิ่งที่ส่งมาด้วย"),
        Paragraph(
            f"ด้วย{agency.name_th} กำหนดจัดการประชุม อ.ก.พ.ร. เพื่ออนาคต ครั้งที่ 1/2564 ในวันอังคารที่ 23 พฤศจิกายน 2564"
            " เวลา 9.30–12.00 น. ณ ห้องประชุม 1 รายละเอียดตามระเบียบวาระการประชุมที่ส่งมาพร้อมนี้"
        ),
        Paragraph("จึงเรียนมาเพื่อโปรดเข้าร่วมประชุมตามวัน เวลา และสถานที่ดังกล่าวด้วย จะขอบคุณยิ่ง"),
        Signature((f"({BLANK}{BLANK})", BLANK * 2), "ขอแสดงความนับถือ"),
        Gap(10),
        Paragraph(f"{agency.name_th}\nโทร. {BLANK}\nไปรษณีย์อิเล็กทรอนิกส์ {BLANK}", "body"),
    ]


@pytest.mark.parametrize(
    ("starts_at", "place", "asked"),
    [
        (dt.time(9), "", "จึงเรียนมาเพื่อโปรดเข้าร่วมประชุมตามวันและเวลาดังกล่าวด้วย จะขอบคุณยิ่ง"),
        (None, "ห้องประชุม 1", "จึงเรียนมาเพื่อโปรดเข้าร่วมประชุมตามวันและสถานที่ดังกล่าวด้วย จะขอบคุณยิ่ง"),
        (None, "", "จึงเรียนมาเพื่อโปรดเข้าร่วมประชุมตามวันดังกล่าวด้วย จะขอบคุณยิ่ง"),
    ],
)
def test_the_letter_asks_for_no_time_or_place_that_it_does_not_name(staff, starts_at, place, asked):
    meeting = factories.make_meeting(staff, starts_at=starts_at, place_th=place)
    assert Paragraph(asked) in invitation(meeting, staff).blocks


def test_the_english_letter_is_made_of_whole_sentences(staff):
    meeting = held.of_series(staff, held.SECOND, place_en="Room 1")
    (opening,) = [
        row for row in letter_of(invitation(meeting, staff, language="en")) if "will hold" in getattr(row, "text", "")
    ]
    assert opening.text.endswith(" Room 1. The agenda is enclosed.")


def test_several_hosts_invite_together(staff, agency, other_agency):
    sheet = invitation(held.of_series(staff, held.SECOND, hosts=[agency, other_agency]), staff)
    (opening,) = [block for block in sheet.blocks if isinstance(block, Paragraph) and block.text.startswith("ด้วย")]
    both = sorted([agency, other_agency], key=lambda row: row.sort_key)
    assert opening.text.startswith(f"ด้วย{both[0].name_th} และ{both[1].name_th} กำหนดจัด")


def test_a_demonstration_says_so_on_the_letter_and_on_its_enclosure(staff):
    mark = Paragraph("ข้อมูลสาธิต", "title")
    for demo in (True, False):
        meeting = held.of_series(staff, held.SECOND)
        Meeting.objects.filter(pk=meeting.pk).update(demo=demo)
        sheet = invitation(Meeting.objects.get(pk=meeting.pk), staff)
        assert [letter_of(sheet).count(mark), enclosure_of(sheet).count(mark)] == [demo, demo]


def test_what_the_portal_does_not_know_is_left_to_the_pen(staff):
    letter = letter_of(invitation(held.of_series(staff, held.SECOND), staff))
    assert letter[1:3] == (
        Sides(f"ที่ {BLANK}", f"สำนักงานคณะกรรมการพัฒนาระบบราชการ\n{ADDRESS_LINE}"),
        Paragraph(BLANK, "centred"),
    )


def test_a_letter_to_one_person_names_them_and_never_an_address(staff):
    meeting = held.of_series(staff, held.SECOND)
    to = held.part(MeetingPerson, staff, meeting, name_th="นายก", role_th="กรรมการ", email=ADDRESS)
    sheet = invitation(meeting, staff, to=to)
    assert Paragraph("นายก (กรรมการ)", "labelled", "เรียน") in sheet.blocks
    assert ADDRESS not in repr(sheet)


def test_the_enclosure_is_the_agenda_with_what_comes_back_and_nothing_said(staff, agency, other_agency):
    held.first(staff, agency, other_agency)
    meeting = held.of_series(staff, held.SECOND)
    top = meeting.agenda.get(kind="considered")
    held.part(AgendaItem, staff, meeting, parent=top, title_th="เรื่องย่อย", presented_by=agency, discussion="พูดไว้")
    sheet = invitation(Meeting.objects.get(pk=meeting.pk), staff)
    page = enclosure_of(sheet)
    assert page[0] == Paragraph("ระเบียบวาระการประชุม", "title")
    headings = [(block.number, block.text) for block in page if isinstance(block, Heading)]
    assert headings == [
        ("ระเบียบวาระที่ 1", "เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ"),
        ("ระเบียบวาระที่ 2", "เรื่องรับรองรายงานการประชุม"),
        ("ระเบียบวาระที่ 3", "เรื่องสืบเนื่อง"),
        ("ระเบียบวาระที่ 4", "เรื่องเพื่อพิจารณา"),
        ("4.1", "เรื่องย่อย"),
        ("ระเบียบวาระที่ 5", "เรื่องอื่น ๆ"),
    ]
    texts = [block.text for block in page if isinstance(block, Paragraph)]
    assert any("ศึกษาอุปสรรค" in text for text in texts)
    assert "พูดไว้" not in repr(sheet)


def test_a_meeting_without_agenda_encloses_nothing(staff):
    meeting = factories.make_meeting(staff, title_th="การประชุมใหญ่")
    sheet = invitation(meeting, staff)
    assert PageBreak() not in sheet.blocks and "สิ่งที่ส่งมาด้วย" not in repr(sheet)
    assert Paragraph("ขอเชิญเข้าร่วมการประชุมใหญ่", "labelled", "เรื่อง") in sheet.blocks


@pytest.mark.parametrize(
    ("name", "written"),
    [("คณะกรรมการ", "คณะกรรมการ"), ("อ.ก.พ.ร. ใหม่", " อ.ก.พ.ร. ใหม่"), ("OECD", " OECD"), ("กพร", "กพร")],
)
def test_an_abbreviation_stands_apart_from_the_thai_word_before_it(name, written):
    assert behind_thai(name) == written


def test_times_are_joined_and_the_unit_is_said_once():
    assert [times(dt.time(9), dt.time(10, 5)), times(dt.time(9)), times(None, dt.time(9))] == [
        "9.00–10.05 น.",
        "9.00 น.",
        "",
    ]


def test_the_programme_goes_by_days_and_times_and_says_who_speaks_where(staff):
    meeting = factories.make_meeting(staff, title_th="การประชุมใหญ่", ends_on=dt.date(2019, 1, 12))
    speaker = held.part(
        MeetingPerson, staff, meeting, name_th="ดร.ก", role_th="ผู้อำนวยการ", part="speaker", email=ADDRESS
    )
    days = (dt.date(2019, 1, 12), dt.date(2019, 1, 11), dt.date(2019, 1, 11))
    for day, hour, title, who in zip(days, (9, 13, 8), ("สอง", "บ่าย", "เช้า"), ([], [speaker], []), strict=True):
        held.part(
            MeetingSession, staff, meeting, title_th=title, day=day, starts_at=dt.time(hour), ends_at=dt.time(hour + 1),
            speakers=who,
        )  # fmt: skip
    sheet = programme(meeting, AnonymousUser())
    assert sheet.lines == ("กำหนดการ", "การประชุมใหญ่", "วันที่ 11–12 มกราคม 2562")
    assert sheet.blocks == (
        Heading("วันศุกร์ที่ 11 มกราคม 2562"),
        Table(
            ("เวลา", "รายการ", "วิทยากร"),
            (("8.00–9.00 น.", "เช้า", ""), ("13.00–14.00 น.", "บ่าย", "ดร.ก ผู้อำนวยการ")),
            (9, 14, 10),
        ),
        Heading("วันเสาร์ที่ 12 มกราคม 2562"),
        Table(("เวลา", "รายการ"), (("9.00–10.00 น.", "สอง"),), (9, 14)),
    )
    assert ADDRESS not in repr(sheet)


@pytest.mark.parametrize("sessions", [1, 3])
def test_a_programme_takes_three_queries(staff, django_assert_num_queries, sessions):
    meeting = factories.make_meeting(staff)
    for n in range(sessions):
        speaker = held.part(MeetingPerson, staff, meeting, name_th=f"ดร.{n}", part="speaker")
        held.part(MeetingSession, staff, meeting, title_th=f"ช่วง {n}", speakers=[speaker])
    with django_assert_num_queries(2):
        programme(meeting, AnonymousUser())
