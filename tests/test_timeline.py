"""An update's life as one list, and what each sending said, for staff and for the agency."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from agencies.models import Agency, Membership, User
from govlab.files import Attached
from govlab.history import hold, keep
from projects.models import Evidence, ProgressUpdate, Project
from projects.rules import comments, reviews, updates
from projects.rules.readings import Measure
from projects.timeline import difference, since_return, timeline, versions
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "นกขมิ้นลับ"


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def pdf(name: str, letter: str = "a") -> Attached:
    return Attached(name=name, kind="pdf", size=9, sha256=letter * 64)


def written(update: ProgressUpdate, by: User, **answers: Any) -> ProgressUpdate:
    return updates.edit(update, by=by, version=update.version, **answers)


def lines(update: ProgressUpdate, person: Any) -> list[tuple[str, str, str]]:
    return [(step.what, step.who, step.text) for step in reversed(timeline(update, person))]


def changed(earlier: Any, later: Any) -> list[tuple[str, str, str]]:
    return [(row["label"], row["before"], row["after"]) for row in difference(earlier, later)]


@pytest.fixture
def lived(reporter: User, lead: User, staff: User, other_staff: User, agency: Agency, project: Project) -> Any:
    """Sent to the lead, handed back, passed on, withdrawn, sent, opened, returned, sent again, approved, taken back."""
    keep(hold(agency), "edit", by=staff, lead_passes_on=True)
    update = factories.make_update(reporter, project)
    update = updates.submit(update, by=reporter)
    update = updates.hand_back(update, by=lead, reason="ใส่จำนวน")
    update = written(update, reporter, text="24 คน")
    update = updates.pass_on(updates.submit(update, by=reporter), by=lead)
    update = updates.withdraw(update, by=lead)
    update = reviews.open_(updates.submit(update, by=lead), by=staff)
    comments.add(update, by=reporter, text="รอเอกสาร")
    comments.add(update, by=staff, text="ขอบคุณ")
    comments.add(update, by=staff, text=CANARY, inside=True)
    update = reviews.return_(update, by=staff, reason="ขอแก้", notes={"title": "สั้นลง", "evidence": "แนบภาพ"})
    update = reviews.approve(updates.submit(update, by=lead), by=other_staff)
    return reviews.take_back(update, by=staff, reason="ตัวเลขผิด")


WHOLE = [
    ("Sent to the lead", "ผู้รายงาน", ""),
    ("Handed back by the lead", "หัวหน้าทีม", "ใส่จำนวน"),
    ("Sent to the lead", "ผู้รายงาน", ""),
    ("Passed on to OPDC", "หัวหน้าทีม", ""),
    ("Withdrawn", "หัวหน้าทีม", ""),
    ("Sent for review again", "หัวหน้าทีม", ""),
    ("Review begun", "เจ้าหน้าที่ ก.พ.ร.", ""),
    ("Comment", "ผู้รายงาน", "รอเอกสาร"),
    ("Comment", "เจ้าหน้าที่ ก.พ.ร.", "ขอบคุณ"),
    ("Comment among staff", "เจ้าหน้าที่ ก.พ.ร.", CANARY),
    ("Returned for correction", "เจ้าหน้าที่ ก.พ.ร.", "ขอแก้"),
    ("Sent for review again", "หัวหน้าทีม", ""),
    ("Approved", "เจ้าหน้าที่อีกคน", ""),
    ("Approval taken back", "เจ้าหน้าที่ ก.พ.ร.", "ตัวเลขผิด"),
]


def test_staff_read_everything_but_what_was_said_inside_the_agency(lived: Any, staff: User) -> None:
    assert lines(lived, staff) == WHOLE[3:]


def test_the_agency_reads_everything_but_what_staff_say_among_themselves_and_no_name_of_theirs(
    lived: Any, reporter: User
) -> None:
    named = {"เจ้าหน้าที่ ก.พ.ร.": "OPDC staff", "เจ้าหน้าที่อีกคน": "OPDC staff"}
    assert lines(lived, reporter) == [(what, named.get(who, who), text) for what, who, text in WHOLE if text != CANARY]


def test_staff_who_work_for_the_agency_read_all_of_it(lived: Any, staff: User, agency: Agency) -> None:
    Membership.objects.create(user=staff, agency=agency)
    assert lines(lived, staff) == WHOLE


def test_nobody_else_reads_anything(lived: Any, stranger: User, other_staff: User) -> None:
    reviews.approve(lived, by=other_staff)
    for person in (stranger, AnonymousUser()):
        assert (timeline(lived, person), versions(lived, person)) == ([], [])


def test_a_return_names_the_fields_of_its_notes_in_the_order_of_the_form(lived: Any, reporter: User) -> None:
    (step,) = [step for step in timeline(lived, reporter) if step.verb == "return"]
    assert step.notes == (("Headline", "สั้นลง"), ("Evidence", "แนบภาพ"))


def test_each_sending_to_staff_has_its_version(lived: Any, staff: User) -> None:
    numbers = [(step.version, step.what) for step in reversed(timeline(lived, staff)) if step.version]
    assert numbers == [(1, "Passed on to OPDC"), (2, "Sent for review again"), (3, "Sent for review again")]
    assert [(each.number, each.returned) for each in versions(lived, staff)] == [(1, False), (2, True), (3, True)]


def test_a_colleague_who_filled_it_in_by_a_link_is_named_with_whoever_answers_for_them(
    reporter: User, staff: User, project: Project
) -> None:
    update = factories.make_update(reporter, project)
    keep(hold(update), "fill", by=reporter, filled_by="น้องฝน")
    assert lines(updates.submit(update, by=reporter), staff)[0] == (
        "Filled in through a link",
        "น้องฝน, by a link from ผู้รายงาน",
        "",
    )


def test_the_newest_stands_first_and_a_past_clock_is_believed(reporter: User, staff: User, project: Project) -> None:
    then = dt.datetime(2019, 7, 1, 3, 0, tzinfo=dt.UTC)
    update = updates.submit(factories.make_update(reporter, project), by=reporter, now=then)
    update = reviews.return_(update, by=staff, reason="แก้", now=then + dt.timedelta(days=1))
    assert [(step.verb, step.when.day) for step in timeline(update, staff)] == [("return", 2), ("submit", 1)]


# --- versions --------------------------------------------------------------------------------------------------------
def test_sent_again_shows_exactly_what_changed_since_it_was_returned(
    reporter: User, staff: User, project: Project
) -> None:
    indicator = factories.make_indicator(staff, project, name_th="โรงเรียน", unit_th="แห่ง")
    other = factories.make_indicator(staff, project, name_th="ครู", unit_th="คน")
    gone = factories.make_indicator(staff, project, name_th="ค่าใช้จ่าย", unit_th="บาท")
    first = {indicator: Measure(Decimal(4)), gone: Measure(Decimal(9))}
    update = updates.add(
        by=reporter, project=project, **factories.FULL, readings=first, attach=[pdf("ก.pdf"), pdf("ข.pdf", "b")]
    )
    update = updates.submit(update, by=reporter, now=dt.datetime(2019, 7, 1, tzinfo=dt.UTC))
    update = reviews.return_(update, by=staff, reason="แก้", now=dt.datetime(2019, 7, 2, tzinfo=dt.UTC))
    again = {
        indicator: Measure(Decimal("6.50"), sure=True),
        other: Measure(unavailable="ยังไม่สำรวจ"),
        gone: Measure(),
    }
    update = written(update, reporter, obstacles="", happened_on=dt.date(2019, 6, 29), readings=again)
    update = written(
        update,
        reporter,
        attach=[pdf("ก.pdf", "c")],
        detach=[Evidence.objects.get(name="ข.pdf")],
        stage_state="done",
    )
    update = updates.submit(update, by=reporter, now=dt.datetime(2019, 7, 3, tzinfo=dt.UTC))
    pair = since_return(versions(update, reporter))
    assert pair and changed(*pair) == [
        ("This stage is now", "In progress", "Done"),
        ("Date", "30 Jun 2019", "29 Jun 2019"),
        ("Obstacles, or help needed", "ขอล่ามเพิ่ม", ""),
        ("โรงเรียน", "4 แห่ง", "6.5 แห่ง"),
        ("ค่าใช้จ่าย", "9 บาท", ""),
        ("Evidence", "ข.pdf", ""),
        ("ครู", "", "Not available: ยังไม่สำรวจ"),
        ("Evidence", "", "ก.pdf"),
    ]
    with translation.override("th"):
        assert changed(*pair)[1][1:] != changed(*(since_return(versions(update, reporter)) or pair))[1][1:]
        assert changed(*(since_return(versions(update, reporter)) or pair))[1][1:] == ("30 มิ.ย. 2562", "29 มิ.ย. 2562")


def test_what_was_withdrawn_in_between_does_not_hide_what_changed_since_the_return(
    reporter: User, staff: User, project: Project
) -> None:
    update = factories.make_update(reporter, project, "returned", staff)
    update = updates.submit(written(update, reporter, title="หนึ่ง"), by=reporter)
    update = updates.withdraw(update, by=reporter)
    update = updates.submit(written(update, reporter, text="สอง"), by=reporter)
    sent = versions(update, staff)
    pair = since_return(sent)
    assert pair and (pair[0].number, pair[1].number) == (1, 3)
    assert changed(*pair) == [
        ("Headline", factories.FULL["title"], "หนึ่ง"),
        ("What was done", factories.FULL["text"], "สอง"),
    ]
    assert changed(sent[1], sent[2]) == [("What was done", factories.FULL["text"], "สอง")]


def test_what_the_agency_writes_after_a_return_is_in_no_version_yet(
    reporter: User, staff: User, project: Project
) -> None:
    update = factories.make_update(reporter, project, "returned", staff)
    update = written(update, reporter, title="ยังไม่ส่ง", attach=[pdf("ก.pdf")])
    (only,) = versions(update, staff)
    assert [line.text for line in only.lines.values()] == [
        "Reach people's needs",
        "In progress",
        "30 Jun 2019",
        factories.FULL["title"],
        factories.FULL["text"],
        "ขอล่ามเพิ่ม",
        "",
    ]
    assert since_return([only]) is None


@pytest.mark.parametrize("times", [1, 4])
def test_the_queries_are_as_many_for_a_long_life_as_for_a_short_one(
    times: int, reporter: User, staff: User, project: Project, django_assert_num_queries: Any
) -> None:
    indicators = [factories.make_indicator(staff, project) for _n in range(times)]
    update = factories.make_update(reporter, project)
    for number in range(times):
        readings = {indicator: Measure(Decimal(number + 1)) for indicator in indicators}
        attach = [pdf(f"{number}.pdf", str(number))]
        update = updates.submit(written(update, reporter, readings=readings, attach=attach), by=reporter)
        comments.add(update, by=staff, text="ขอบคุณ")
        update = reviews.return_(update, by=staff, reason="แก้")
    for person in (staff, reporter):
        with django_assert_num_queries(3):
            assert len(timeline(update, person)) == times * 3
        with django_assert_num_queries(4):
            assert len(versions(update, person)) == times
