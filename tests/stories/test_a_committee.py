"""Three meetings of a committee: what the first asks is contested, extended, answered, sent back, answered, closed."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from agencies.models import Agency, User
from govlab.models import Letter
from govlab.thai import format_date
from projects.models import Assignment, FollowUp, Meeting, Resolution
from tests import factories
from tests.stories.test_a_year import Window

pytestmark = pytest.mark.django_db


def be(day: dt.date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}"


def words(window: Window, name: str, key: str, **query: str) -> str:
    """The text of a Word document, as somebody reads it."""
    answer = window.client.get(reverse(name, args=[key, "docx"]), query)
    assert answer.status_code == 200, (name, key, answer.status_code)
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pdf(window: Window, name: str, key: str) -> bytes:
    answer = window.client.get(reverse(name, args=[key, "pdf"]))
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    return answer.content


def told() -> list[tuple[str, str]]:
    """Who got which letter since it was asked last."""
    found = sorted(Letter.objects.values_list("kind", "address"))
    Letter.objects.all().delete()
    return found


def test_three_meetings_of_a_committee(agency: Agency, reporter: User, stranger: User) -> None:
    today = timezone.localdate()
    desk, colleague = Window(factories.make_staff()), Window(factories.make_staff("เจ้าหน้าที่อีกคน"))
    office, other, public = Window(reporter), Window(stranger), Window()
    at = reporter.email

    # Staff make the series, with its members; its meetings number themselves.
    desk.send("desk:series-add", key="sub", name_th="อ.ก.พ.ร. ทดสอบ", position=1)
    for name in ("ประธาน ก", "กรรมการ ข", "กรรมการ ค"):
        desk.send("desk:series-part-add", "sub", "members", name_th=name, role_th="กรรมการ")
    series = {"series": Meeting._meta.get_field("series").related_model.objects.get().pk, "kind": "committee"}
    year = today.year + 543
    first_day = today - dt.timedelta(days=30)
    first_year = first_day.year + 543
    desk.send("desk:meeting-add", **series, starts_on=be(first_day), place_th="ห้อง 1")
    first = Meeting.objects.get()
    assert (first.number, first.year, first.phase, first.agenda.count()) == (1, first_year, "held", 5)
    assert reverse("desk:meeting-detail", args=[first.key]) in desk.read("desk:series-detail", "sub")

    # The minutes: who came, what was said and resolved, what is asked of whom.
    desk.press("desk:meeting-attendance", first.key, all="yes")
    assert set(first.people.values_list("presence", flat=True)) == {"present"}
    considered = first.agenda.get(kind="considered")
    desk.send("desk:meeting-item", first.key, considered.pk, discussion="ที่ประชุมอภิปรายเรื่องต้นแบบ")
    desk.send("desk:meeting-part-add", first.key, "resolutions", item=considered.pk, text_th="เห็นควรนำต้นแบบไปใช้จริง")
    resolution = Resolution.objects.get()
    due = today + dt.timedelta(days=5)
    asked = {"resolution": resolution.pk, "agency": agency.pk, "text_th": "จัดทำแผนนำต้นแบบไปใช้", "due_on": be(due)}
    assert told() == []
    desk.send("desk:meeting-part-add", first.key, "assignments", **asked)
    task = Assignment.objects.get()
    assert told() == [("assignment_made", at)]
    assert "จัดทำแผนนำต้นแบบไปใช้" in office.read("workspace:home")
    assert "จัดทำแผนนำต้นแบบไปใช้" not in other.read("workspace:home")
    assert "จัดทำแผนนำต้นแบบไปใช้" not in public.read("public:resolution-list")
    said = words(desk, "desk:meeting-minutes", first.key)
    for part in (f"ครั้งที่ 1/{first_year}", "ประธาน ก", "ที่ประชุมอภิปรายเรื่องต้นแบบ", "เห็นควรนำต้นแบบไปใช้จริง"):
        assert part in said
    pdf(desk, "desk:meeting-minutes", first.key)

    # The second meeting finds it under matters arising by itself; the invitation names it.
    desk.send("desk:meeting-add", **series, starts_on=be(today), starts_at="9.30")
    second = Meeting.objects.get(starts_on=today)
    assert [row.assignment for row in second.follow_ups.all()] == [task]
    assert "จัดทำแผนนำต้นแบบไปใช้" in desk.read("desk:meeting-detail", second.key)
    desk.press("desk:meeting-invite", second.key)
    assert "เรื่องสืบเนื่อง" in words(desk, "desk:meeting-invitation", second.key)
    pdf(desk, "desk:meeting-invitation", second.key)

    # The agency contests; a colleague says why the objection does not hold. It asks for time and gets it.
    office.send("workspace:assignment-contest", task.pk, text="ต้นแบบอยู่กับอีกหน่วยงาน")
    colleague.send("desk:assignment-send-back", task.pk, reason="มติระบุหน่วยงานเจ้าของโครงการ")
    office.send(
        "workspace:assignment-more-time", task.pk, text="รองบประมาณ", wanted_on=be(today + dt.timedelta(days=60))
    )
    colleague.send("desk:assignment-extend", task.pk)
    task.refresh_from_db()
    assert (task.state, task.due_on) == ("open", today + dt.timedelta(days=60))
    kinds = [kind for kind, address in told() if address == at]
    assert kinds == ["assignment_extended", "assignment_sent_back"]

    # The second meeting is held: it reads all that happened, says a word, and adopts the first one's minutes.
    desk.press("desk:meeting-hold", second.key)
    matter = FollowUp.objects.get(meeting=second)
    page = desk.read("desk:follow-up", second.key, matter.pk)
    for part in ("ต้นแบบอยู่กับอีกหน่วยงาน", "มติระบุหน่วยงานเจ้าของโครงการ", "รองบประมาณ"):
        assert part in page
    desk.send("desk:follow-up", second.key, matter.pk, note="ให้เร่งดำเนินการ")
    desk.press("desk:meeting-finish", first.key)
    desk.send("desk:meeting-adopt", first.key, adopted_in=second.pk)
    first.refresh_from_db()
    assert (first.phase, first.adopted_in, first.adopted_on) == ("adopted", second, today)

    # Published, the ledger shows what is asked; what the agency and staff said to each other stays inside.
    desk.press("desk:meeting-publish", first.key)
    ledger = public.read("public:resolution-list")
    assert "เห็นควรนำต้นแบบไปใช้จริง" in ledger and "จัดทำแผนนำต้นแบบไปใช้" in ledger
    page = public.read("public:resolution-detail", resolution.pk)
    assert "ให้เร่งดำเนินการ" not in page and "รองบประมาณ" not in page and "ต้นแบบอยู่กับอีกหน่วยงาน" not in page
    assert format_date(task.due_on) in page
    assert "เห็นควรนำต้นแบบไปใช้จริง" in words(public, "public:meeting-minutes", first.key)

    # Before the third meeting the agency answers, is asked again, and answers all of it.
    desk.send("desk:meeting-add", **series, starts_on=be(today), starts_at="15.00")
    third = Meeting.objects.get(number=Meeting.objects.filter(year=year).order_by("-number").first().number, year=year)
    office.send("workspace:assignment-detail", task.pk, text="ร่างแผนแล้ว", percent="50")
    colleague.send("desk:assignment-send-back", task.pk, reason="ขอแผนฉบับเต็ม")
    assert "ขอแผนฉบับเต็ม" in office.read("workspace:home")
    office.send("workspace:assignment-detail", task.pk, text="ส่งแผนฉบับเต็มแล้ว", percent="", done_on=be(today))
    colleague.send("desk:assignment-accept", task.pk)
    task.refresh_from_db()
    assert (task.state, [row.assignment for row in third.follow_ups.all()]) == ("accepted", [task])

    # The third meeting closes it, and it comes back no more.
    desk.press("desk:meeting-hold", third.key)
    matter = FollowUp.objects.get(meeting=third)
    closing = desk.client.post(
        reverse("desk:follow-up", args=[third.key, matter.pk]),
        {
            "note": "ที่ประชุมรับทราบแผน",
            "closing": "แผนครบถ้วนตามมติ",
            "verb": "close",
            "version": matter.version,
            "asked_version": task.version,
        },
    )
    assert closing.status_code == 302, closing.content.decode()[:3000]
    task.refresh_from_db()
    assert (task.state, task.closed_in, task.closing_note) == ("closed", third, "แผนครบถ้วนตามมติ")
    desk.send("desk:meeting-add", **series, starts_on=be(today + dt.timedelta(days=30)))
    assert FollowUp.objects.filter(meeting__starts_on__gt=today).count() == 0

    # Their minutes adopted and published, everybody reads what became of it, and from each place the way to the other.
    for meeting, adoption in ((second, {"adopted_in": third.pk}), (third, {"adopted_in": "", "adopted_on": be(today)})):
        desk.press("desk:meeting-finish", meeting.key)
        desk.send("desk:meeting-adopt", meeting.key, **adoption)
        desk.press("desk:meeting-publish", meeting.key)
    page = public.read("public:resolution-detail", resolution.pk)
    for meeting in (first, second, third):
        assert reverse("public:meeting-detail", args=[meeting.key]) in page
    assert "ให้เร่งดำเนินการ" in page and "ที่ประชุมรับทราบแผน" in page and "แผนครบถ้วนตามมติ" not in page
    for meeting in (first, second, third):
        assert reverse("public:resolution-detail", args=[resolution.pk]) in public.read(
            "public:meeting-detail", meeting.key
        )
        pdf(public, "public:meeting-minutes", meeting.key)
    said = words(public, "public:meeting-minutes", third.key)
    assert "จัดทำแผนนำต้นแบบไปใช้" in said and "ที่ประชุมรับทราบแผน" in said and "แผนครบถ้วนตามมติ" not in said
    with zipfile.ZipFile(
        io.BytesIO(public.client.get(reverse("public:meeting-minutes", args=[third.key, "docx"])).content)
    ) as document:
        assert document.testzip() is None
    assert "แผนครบถ้วนตามมติ" in desk.read("desk:assignment-detail", task.pk)


def test_nothing_of_it_is_lost_in_the_history(agency: Agency, reporter: User, staff: User) -> None:
    """Whatever was decided about an assignment, its history tells it in order."""
    desk = Window(staff)
    task = factories.make_assignment(staff, agency)
    Window(reporter).send("workspace:assignment-detail", task.pk, text="ทำแล้ว", percent="100")
    desk.send("desk:assignment-accept", task.pk)
    desk.send("desk:assignment-close", task.pk, note="ครบ")
    verbs: list[Any] = list(task.history.order_by("history_id").values_list("history_change_reason", flat=True))
    assert verbs == ["add", "give", "answer", "accept", "close"]
