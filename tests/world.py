"""One record of every kind with a canary in every private field, for tests that walk all doors."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from agencies.models import Agency, ApiToken, Membership, Source, User
from agencies.rules import records, tokens
from govlab import files, letters
from govlab.models import Letter
from projects.models import (
    AgendaItem,
    Assignment,
    DueReport,
    Evidence,
    Indicator,
    Innovation,
    Meeting,
    MeetingPerson,
    ProgressUpdate,
    Project,
    ReportLink,
    Resolution,
    Round,
    ScheduleDate,
    ScheduleException,
    ServiceField,
)
from projects.rules import assignments, comments, links, meetings, rounds
from tests import factories

CANARY = "นกขมิ้นลับ"
"""A word that stands only where the public and other agencies must not read."""
INSIDE, SPOKEN = "นกฮูกลับ", "นกแก้วพูด"
"""What staff say among themselves about an update, and what they say to its agency."""


@dataclass
class World:
    """What there is; everything belongs to `agency`, which the stranger does not work for."""

    staff: User
    agency: Agency
    project: Project
    draft_project: Project
    update: ProgressUpdate
    waiting: ProgressUpdate
    with_lead: ProgressUpdate
    due: DueReport
    approved: ProgressUpdate
    evidence: Evidence
    indicator: Indicator
    meeting: Meeting
    draft_meeting: Meeting
    person: MeetingPerson
    assignment: Assignment
    innovation: Innovation
    draft_innovation: Innovation
    lookup: ServiceField
    round: Round
    date: ScheduleDate
    exception: ScheduleException
    membership: Membership
    token: ApiToken
    letter: Letter
    link: ReportLink


def make_world(staff: User, agency: Agency, reporter: User) -> World:
    """Builds it through the rules."""
    secret = {"text": f"ข้อความ {CANARY}", "obstacles": f"อุปสรรค {CANARY}", "title": f"หัวข้อ {CANARY}"}
    records.add(Source, by=staff, key="source", title_th="ข่าว")
    lookup = factories.make_field(staff, "การศึกษา")
    project = factories.make_project(staff, owner=agency, field=lookup)
    draft_project = factories.make_project(
        staff, owner=agency, published=False, title_th=f"โครงการ {CANARY}", focus_th=CANARY
    )
    indicator = records.add(Indicator, by=staff, project=project, name_th="เวลารอ", unit_th="นาที", direction="down")
    update = factories.make_update(reporter, project, "draft", **secret)
    waiting = factories.make_update(reporter, project, "submitted", **secret)
    with_lead = factories.make_with_lead(reporter, project, **secret)
    factories.make_update(reporter, project, "returned", staff, **secret)
    approved = factories.make_update(reporter, project, "approved", staff, obstacles=f"อุปสรรค {CANARY}")
    factories.make_update(reporter, draft_project, "approved", staff, **secret)
    stored = files.store(SimpleUploadedFile("a.pdf", CANARY.encode()))
    evidence = Evidence.objects.create(update=approved, name=f"{CANARY}.pdf", kind="pdf", **stored._asdict())
    due = DueReport.objects.get(round=factories.make_round(staff), project=draft_project)
    meeting = factories.make_meeting(staff)
    draft_meeting = factories.make_meeting(staff, published=False, title_th=f"การประชุม {CANARY}")
    person = meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="นายสมชาย")
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="เรื่องเพื่อพิจารณา")
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.1", text_th="เห็นชอบ")
    assignment = meetings.add_part(
        Assignment,
        by=staff,
        meeting=meeting,
        resolution=resolution,
        agency=agency,
        text_th="รวบรวมบทเรียน",
        due_on=dt.date(2019, 3, 1),
    )
    assignments.answer(assignment, by=reporter, text=f"คำตอบ {CANARY}")
    item = meetings.add_part(AgendaItem, by=staff, meeting=draft_meeting, number="1", title_th=f"วาระ {CANARY}")
    meetings.add_part(Resolution, by=staff, meeting=draft_meeting, item=item, number="1.1", text_th=f"มติ {CANARY}")
    for update_said in (waiting, approved):
        comments.add(update_said, by=staff, text=INSIDE, inside=True)
        comments.add(update_said, by=staff, text=f"{SPOKEN} {CANARY}")
    rounds.waive(project.due_reports.get(), by=staff, reason=f"เหตุผล {CANARY}")
    exception = records.add(
        ScheduleException, by=staff, schedule=due.round.schedule, project=project, reason=f"เหตุผล {CANARY}"
    )
    return World(
        staff=staff,
        agency=agency,
        project=project,
        draft_project=draft_project,
        update=update,
        waiting=waiting,
        with_lead=with_lead,
        due=due,
        approved=approved,
        evidence=evidence,
        indicator=indicator,
        meeting=meeting,
        draft_meeting=draft_meeting,
        person=person,
        assignment=assignment,
        innovation=factories.make_innovation(staff),
        draft_innovation=factories.make_innovation(staff, published=False, title_th=f"นวัตกรรม {CANARY}"),
        lookup=lookup,
        round=due.round,
        date=due.round.schedule.dates.get(),
        exception=exception,
        membership=Membership.objects.get(user=reporter),
        token=tokens.make(by=reporter, name="ลับ", days=1)[0],
        letter=letters.write("comment_from_desk", [reporter], thing=waiting, by=staff, comment=CANARY)[0],
        # Of a report without a canary: whoever has the link reads that report, and nothing else.
        link=links.make(factories.make_update(reporter, project), by=reporter, name="คุณดวงใจ", ends_on=localdate()),
    )
