"""The minutes: the official form from top to bottom, for staff and for everybody, and what they never say."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Source
from agencies.rules import records
from projects.documents.heads import BLANK
from projects.documents.minutes import minutes
from projects.documents.pdf import pdf
from projects.documents.sheets import Block, Heading, Paragraph, People, Person, Sheet, Signature
from projects.documents.word import word
from projects.models import AgendaItem, Assignment, Meeting, MeetingPerson, MeetingSession, Resolution
from projects.rules import phases, publishing
from tests import factories
from tests.documents import held
from tests.documents.held import ADDRESS, SECRET
from tests.documents.reading import page_texts, paragraphs, squeezed

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
TO_SIGN = tuple(Signature((f"({BLANK * 2})", role)) for role in ("ผู้จดรายงานการประชุม", "ผู้ตรวจรายงานการประชุม"))
"""Where nobody is named."""


def after(sheet: Sheet, title: str) -> list[Block]:
    """The blocks under a heading, up to the next."""
    at = next(at for at, block in enumerate(sheet.blocks) if isinstance(block, Heading) and block.text == title)
    rest = sheet.blocks[at + 1 :]
    end = next((place for place, block in enumerate(rest) if isinstance(block, Heading)), len(rest))
    return list(rest[:end])


def text_of(sheet: Sheet) -> str:
    return repr(sheet)


def test_the_head_names_body_number_day_time_and_place(staff, agency, other_agency):
    meeting, _work = held.second(staff, agency, other_agency)
    assert minutes(meeting, staff).lines == (
        "รายงานการประชุม",
        "อ.ก.พ.ร. เพื่ออนาคต",
        "ครั้งที่ 2/2564",
        "เมื่อวันอังคารที่ 23 พฤศจิกายน 2564 เวลา 9.30 น.",
        "ณ ห้องประชุม 1",
        "(ร่าง ยังไม่รับรอง)",
    )
    assert minutes(meeting, staff).title == "รายงานการประชุม อ.ก.พ.ร. เพื่ออนาคต ครั้งที่ 2/2564"


def test_a_meeting_over_a_medium_is_not_at_it(staff):
    meeting = held.of_series(staff, held.FIRST, place_th="ผ่านสื่ออิเล็กทรอนิกส์")
    assert minutes(meeting, staff).lines[4] == "ผ่านสื่ออิเล็กทรอนิกส์"


def test_staff_read_who_came_in_whose_stead_and_who_did_not(staff, agency, other_agency):
    meeting, _work = held.second(staff, agency, other_agency)
    sheet = minutes(meeting, staff)
    assert after(sheet, "ผู้มาประชุม") == [
        People((Person("นายประธาน", "กรรมการ"), Person("นายแทน", "รองผู้อำนวยการ", "แทน นายติดธุระ")))
    ], "the deputy stands at the member's place"
    assert after(sheet, "ผู้ไม่มาประชุม") == [People((Person("นายลา", "กรรมการ", "ลาประชุม"), Person("นายขาด", "กรรมการ")))]
    assert after(sheet, "ผู้เข้าร่วมประชุม")[0] == People((Person("นายร่วม", f"นักวิชาการ\n{agency.short}"),))
    assert after(sheet, "กรรมการที่ยังไม่มีข้อมูลการมาประชุม")[0] == People((Person("นายไม่ทราบ", "กรรมการ"),))


def test_everybody_reads_who_came_and_not_who_stayed_away(staff, agency, other_agency):
    meeting = held.published(held.second(staff, agency, other_agency)[0], staff)
    titles = [
        block.text for block in minutes(meeting, VISITOR).blocks if isinstance(block, Heading) and not block.number
    ]
    assert titles == ["ผู้มาประชุม", "ผู้เข้าร่วมประชุม"]


def test_the_times_are_those_of_the_meeting_and_who_wrote_signs(staff, agency, other_agency):
    blocks = minutes(held.second(staff, agency, other_agency)[0], staff).blocks
    assert Paragraph("9.35 น.", "body", "เริ่มประชุมเวลา") in blocks
    assert blocks[-3:] == (
        Paragraph("12.00 น.", "body", "เลิกประชุมเวลา"),
        Signature(("(นางสาวจด)", "นักวิเคราะห์", "ผู้จดรายงานการประชุม")),
        Signature(("(นายตรวจ)", "ผู้ตรวจรายงานการประชุม")),
    )


def test_an_item_says_who_presents_what_was_said_resolved_and_assigned(staff, agency, other_agency):
    sheet = minutes(held.second(staff, agency, other_agency)[0], staff)
    assert Heading("เรื่องเพื่อพิจารณา", "ระเบียบวาระที่ 4", 1) in sheet.blocks
    assert Heading("เรื่องที่ 0", "4.1", 2) in sheet.blocks
    assert after(sheet, "เรื่องที่ 0") == [
        Paragraph(f"ดร.เสนอ, {agency.short}", lead="ผู้นำเสนอ"),
        Paragraph(SECRET),
        Paragraph("บรรทัดสอง"),
        Paragraph(f"4.1.1 เห็นชอบ 0 (เกี่ยวข้องกับ {other_agency.short})", lead="มติที่ประชุม"),
        Paragraph(f"{other_agency.short} ร่วมกับ {agency.short} รายงานผล ภายในวันที่ 31 มกราคม 2565", lead="มอบหมายให้"),
    ]


def test_what_came_back_says_from_where_how_far_it_was_and_what_was_said(staff, agency, other_agency):
    sheet = minutes(held.second(staff, agency, other_agency)[0], staff)
    assert after(sheet, "เรื่องสืบเนื่อง") == [
        Paragraph(
            f"ตามที่การประชุมมอบหมาย (ข้อ 4.1 ของการประชุมครั้งที่ 1/2564) {agency.short} ร่วมกับ {other_agency.short} ศึกษาอุปสรรค",
            "numbered",
            "(1)",
        ),
        Paragraph("อยู่ระหว่างดำเนินการ กำหนดแล้วเสร็จภายในวันที่ 31 ธันวาคม 2564", lead="ความคืบหน้า"),
        Paragraph("ให้เร่ง", lead="ความเห็นของที่ประชุม"),
    ]


@pytest.mark.parametrize(
    ("was", "percent", "to_staff", "to_everybody"),
    [
        ("open", 50, "อยู่ระหว่างดำเนินการ (ร้อยละ 50)", "อยู่ระหว่างดำเนินการ"),
        ("contested", 50, "โต้แย้ง (ร้อยละ 50)", "อยู่ระหว่างดำเนินการ"),
        ("more_time", None, "ขอขยายเวลา", "อยู่ระหว่างดำเนินการ"),
        ("closed", 100, "ปิดเรื่องแล้ว", "ปิดเรื่องแล้ว"),
    ],
)
def test_how_much_is_done_and_that_an_agency_objects_is_for_staff_alone(
    staff, agency, other_agency, was, percent, to_staff, to_everybody
):
    meeting, work = held.second(staff, agency, other_agency)
    held.published(work.meeting, staff)
    meeting = held.published(meeting, staff)
    meeting.follow_ups.update(was=was, was_percent=percent, was_due_on=None)
    for person, said in ((staff, to_staff), (VISITOR, to_everybody)):
        assert after(minutes(meeting, person), "เรื่องสืบเนื่อง")[1] == Paragraph(said, lead="ความคืบหน้า")


def test_minutes_keep_what_was_asked_when_the_work_is_extended_and_goes_to_another(staff, agency, other_agency):
    _meeting, work = held.second(staff, agency, other_agency)
    before = after(minutes(work.meeting, staff), "เรื่องเพื่อพิจารณา")
    assert before[-1].text == f"{agency.short} ร่วมกับ {other_agency.short} ศึกษาอุปสรรค ภายในวันที่ 31 ธันวาคม 2564"
    held.extended(staff, work, factories.make_agency(staff, "กรมใหม่"))
    assert after(minutes(Meeting.objects.get(pk=work.meeting_id), staff), "เรื่องเพื่อพิจารณา") == before


def test_nothing_that_staff_keep_to_themselves_and_no_address_is_in_anybodys_minutes(staff, agency, other_agency):
    meeting, work = held.second(staff, agency, other_agency)
    meeting = held.published(meeting, staff)
    held.published(work.meeting, staff)
    sheet = minutes(meeting, VISITOR)
    made = squeezed("".join(paragraphs(word(sheet)))) + squeezed("".join(page_texts(pdf(sheet))))
    assert SECRET not in made and ADDRESS not in made
    assert "เห็นชอบ0" in made and "ให้เร่ง" in made, "what is public is there"
    assert SECRET in text_of(minutes(meeting, staff))
    assert ADDRESS not in text_of(minutes(meeting, staff)), "nor in those of staff"


def test_what_is_not_known_is_said_to_be_unknown_and_who_signs_is_left_to_the_pen(staff):
    meeting = held.of_series(staff, held.FIRST)
    blocks = minutes(meeting, staff).blocks
    assert blocks[:2] == (
        Paragraph("ยังไม่มีข้อมูล", "body", "ผู้มาประชุม"),
        Paragraph("ยังไม่มีข้อมูล", "body", "เริ่มประชุมเวลา"),
    )
    assert blocks[-3:] == (Paragraph("ยังไม่มีข้อมูล", "body", "เลิกประชุมเวลา"), *TO_SIGN)


def test_where_nobodys_attendance_was_noted_members_did_not_come_by_that(staff):
    meeting = held.of_series(staff, held.FIRST)
    for name, part in (("นายก", "member"), ("นายข", "observer")):
        held.part(MeetingPerson, staff, meeting, name_th=name, part=part)
    sheet = minutes(meeting, staff)
    assert sheet.blocks[0] == Paragraph("ยังไม่มีข้อมูล", "body", "ผู้มาประชุม")
    assert after(sheet, "ผู้เข้าร่วมประชุม") == [People((Person("นายข"),))]
    assert after(sheet, "กรรมการที่ยังไม่มีข้อมูลการมาประชุม")[0] == People((Person("นายก"),))


def test_adopted_minutes_say_so_and_are_no_draft(staff, agency, other_agency):
    meeting, work = held.second(staff, agency, other_agency)
    adopted = phases.adopt(phases.finish(work.meeting, by=staff), by=staff, adopted_in=meeting, note="แก้คำผิด")
    sheet = minutes(adopted, staff)
    assert "(ร่าง ยังไม่รับรอง)" not in sheet.lines
    assert sheet.blocks[-4:] == (
        Paragraph("รายงานการประชุมนี้ได้รับการรับรองในการประชุมครั้งที่ 2/2564 เมื่อวันที่ 23 พฤศจิกายน 2564", "body"),
        Paragraph("แก้คำผิด", "body", "ข้อแก้ไขและหมายเหตุ"),
        *TO_SIGN,
    )
    publishing.publish(adopted, by=staff)
    everybody = minutes(Meeting.objects.get(pk=adopted.pk), VISITOR)
    assert everybody.blocks[-3] == Paragraph("รายงานการประชุมนี้ได้รับการรับรองเมื่อวันที่ 23 พฤศจิกายน 2564", "body"), (
        "2/2564 is not published"
    )
    adopting = after(minutes(meeting, staff), "เรื่องรับรองรายงานการประชุม")
    assert adopting == [Paragraph("ที่ประชุมมีมติรับรองรายงานการประชุมครั้งที่ 1/2564 เมื่อวันที่ 5 ตุลาคม 2564", lead="มติที่ประชุม")]


def test_english_minutes_are_english_and_keep_their_digits(staff, agency, other_agency):
    sheet = minutes(held.second(staff, agency, other_agency)[0], staff, language="en", digits="thai")
    assert sheet.lines[:4] == (
        "Minutes of the meeting",
        "Sub-committee on the future",
        "Meeting 2/2564",
        "Held on Tuesday 23 November 2021, 09:30",
    )
    assert "Resolved" in {block.lead for block in sheet.blocks if isinstance(block, Paragraph)}
    assert not set("๐๑๒๓๔๕๖๗๘๙") & set("".join(paragraphs(word(sheet))))


def test_minutes_put_together_from_documents_name_them_and_claim_no_adoption(staff):
    meeting = factories.make_meeting(staff, kind="committee", title_th="การประชุม", published=False)
    meeting.sources.add(
        records.add(Source, by=staff, key="news", title_th="ข่าวการประชุม", publisher_th="สำนักงาน ก.พ.ร.")
    )
    sheet = minutes(meeting, staff)
    assert sheet.lines[-1] == "(เรียบเรียงจากเอกสารที่เผยแพร่)"
    assert [block for block in sheet.blocks if isinstance(block, Signature)] == [], "nobody signs for others"
    assert after(sheet, "เอกสารอ้างอิง") == [Paragraph("ข่าวการประชุม, สำนักงาน ก.พ.ร.", "numbered", "1.")]


def test_a_conference_lists_its_sessions_and_is_never_adopted(staff):
    meeting = factories.make_meeting(staff, title_th="การประชุมใหญ่", ends_on=dt.date(2019, 1, 12))
    held.part(MeetingSession, staff, meeting, title_th="เปิดงาน")
    sheet = minutes(meeting, staff)
    assert sheet.lines == ("รายงานการประชุม", "การประชุมใหญ่", "เมื่อวันที่ 11–12 มกราคม 2562")
    assert after(sheet, "ช่วงการประชุม")[0] == Paragraph("เปิดงาน", "numbered", "1.")


def asked(meeting, person) -> int:
    with CaptureQueriesContext(connection) as captured:
        minutes(Meeting.objects.select_related("series", "adopted_in").get(pk=meeting.pk), person)
    return len(captured) - 1


@pytest.mark.parametrize("who", ["staff", "visitor"])
def test_queries_are_as_many_for_five_hundred_items_as_for_twenty(staff, agency, other_agency, who):
    meeting, _work = held.second(staff, agency, other_agency)
    meeting = held.published(meeting, staff)
    found = {}
    for items in (20, 500):
        there = meeting.agenda.count()
        more = AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, title_th=f"วาระ {n}", number=str(n), position=n, presented_by=agency)
            for n in range(there, items)
        )
        resolved = Resolution.objects.bulk_create(
            Resolution(meeting=meeting, item=item, number="1", text_th="มติ") for item in more
        )
        Assignment.objects.bulk_create(
            Assignment(meeting=meeting, resolution=row, agency=agency, text_th="งาน") for row in resolved
        )
        found[items] = asked(meeting, staff if who == "staff" else VISITOR)
    assert found == {20: 7, 500: 7}
