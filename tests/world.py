"""One record of every kind with a canary in every private field, for tests that walk all doors."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from agencies.models import Agency, ApiToken, Membership, Source, User
from agencies.rules import records, tokens
from govlab import files, letters
from govlab.history import keep
from govlab.models import Letter
from projects.models import (
    AgendaItem,
    Assignment,
    Call,
    Delivery,
    DeliveryState,
    DueReport,
    Evidence,
    FollowUp,
    Import,
    Indicator,
    Innovation,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSeries,
    MeetingSession,
    ProgressUpdate,
    Project,
    Proposal,
    Rating,
    ReportLink,
    Resolution,
    Round,
    ScheduleDate,
    ScheduleException,
    SeriesMember,
    ServiceField,
    Shown,
    Synonyms,
    Theme,
)
from projects.rules import (
    assignments,
    comments,
    imports,
    links,
    meetings,
    papers,
    proposals,
    ratings,
    rounds,
    series,
    themes,
    webhooks,
)
from tests import factories

CANARY = "นกขมิ้นลับ"
"""A word that stands only where the public and other agencies must not read."""
INSIDE, SPOKEN = "นกฮูกลับ", "นกแก้วพูด"
"""What staff say among themselves about an update, and what they say to its agency."""
REACHED = "081-555-0123"
"""The telephone of somebody who answered a call: no number drawn by lot reads like it."""


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
    series: MeetingSeries
    person: MeetingPerson
    assignment: Assignment
    innovation: Innovation
    draft_innovation: Innovation
    proposal: Proposal
    lookup: ServiceField
    synonyms: Synonyms
    round: Round
    date: ScheduleDate
    exception: ScheduleException
    membership: Membership
    token: ApiToken
    letter: Letter
    call: Call
    theme: Theme
    link: ReportLink
    rating: Rating
    delivery: Delivery
    imported: Import


def a_series(staff: User) -> MeetingSeries:
    """A series with one member, of whom only staff know."""
    made = series.add(by=staff, key="series", name_th="คณะ")
    series.add_part(SeriesMember, by=staff, series=made, name_th=f"กรรมการ {CANARY}", email="member@canary.test")
    return made


def unseen_parts(staff: User, assignment: Assignment, paper: files.Attached) -> None:
    """What a published meeting keeps to itself: items that show less, or nothing, and all that stands under them."""
    meeting = assignment.meeting
    answers = {"meeting": meeting, "by": staff}
    less = meetings.add_part(
        AgendaItem, title_th="เรื่องแจ้ง", shown=Shown.TITLE, discussion=f"คำอภิปราย {CANARY}", **answers
    )
    hidden = meetings.add_part(AgendaItem, title_th=f"วาระ {CANARY}", shown=Shown.NOTHING, **answers)
    for item in (less, hidden):
        said = meetings.add_part(Resolution, item=item, text_th=f"มติ {CANARY}", **answers)
        meetings.add_part(Assignment, resolution=said, agency=assignment.agency, text_th=f"งาน {CANARY}", **answers)
        papers.attach(item, by=staff, files=[paper])
    earlier = meetings.add_part(
        Assignment, by=staff, meeting=factories.make_meeting(staff), agency=assignment.agency, text_th="งานเดิม"
    )
    keep(FollowUp(meeting=meeting, item=hidden, assignment=earlier), "carry_on", by=staff, note=CANARY)


def asked(staff: User, project: Project) -> Theme:
    """The theme of a call that is open; what waits, how to reach who wrote it, and the theme itself are not public."""
    factories.make_call(staff, project, published=False, question_th=f"คำถาม {CANARY}")
    call = factories.make_call(staff, project)
    factories.make_voice(call, "shown", staff, contact=f"{CANARY} {REACHED}")
    factories.make_voice(call, text=f"ความเห็น {CANARY}")
    factories.make_voice(call, "withheld", staff, text=f"ความเห็น {CANARY}")
    return themes.add(call, by=staff, title_th=f"ประเด็น {CANARY}", voices=call.voices.all())


def brought(staff: User) -> Import:
    """A file that staff brought in and nobody has looked at."""
    taken = files.store(SimpleUploadedFile("a.csv", f"code,title_th\nGL2562-9,{CANARY}\n".encode()))
    file = files.Attached(f"{CANARY}.csv", "csv", taken.size, taken.sha256)
    return imports.add(file, by=staff, table="projects")


def told(staff: User) -> Delivery:
    """A delivery of a webhook that was given up."""
    hook = webhooks.add(by=staff, name=f"โปรแกรม {CANARY}", address="https://hooks.test/", kinds=["project.hidden"])
    delivery = webhooks.test(hook, by=staff)
    delivery.state = DeliveryState.GIVEN_UP
    delivery.save()
    return delivery


def make_world(staff: User, agency: Agency, reporter: User) -> World:
    """Builds it through the rules."""
    secret = {"text": f"ข้อความ {CANARY}", "obstacles": f"อุปสรรค {CANARY}", "title": f"หัวข้อ {CANARY}"}
    records.add(Source, by=staff, key="source", title_th="ข่าว")
    lookup = factories.make_field(staff, "การศึกษา")
    project = factories.make_project(staff, owner=agency, field=lookup, code="GL2562-002")
    draft_project = factories.make_project(
        staff, owner=agency, published=False, code="GL2562-003", title_th=f"โครงการ {CANARY}", focus_th=CANARY
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
    meeting = factories.make_meeting(staff, kind="workshop")
    draft_meeting = factories.make_meeting(staff, published=False, title_th=f"การประชุม {CANARY}")
    person = meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="นายสมชาย")
    meetings.add_part(MeetingSession, by=staff, meeting=meeting, title_th="ช่วงเช้า")
    meetings.add_part(MeetingPoint, by=staff, meeting=meeting, text_th="ประเด็นจากต่างประเทศ")
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
        responsible=f"คุณ {CANARY}",
    )
    unseen_parts(staff, assignment, files.Attached(f"{CANARY}.pdf", "pdf", stored.size, stored.sha256))
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
    theme = asked(staff, project)
    return World(
        staff=staff,
        call=theme.call,
        theme=theme,
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
        series=a_series(staff),
        person=person,
        assignment=assignment,
        innovation=factories.make_innovation(staff),
        draft_innovation=factories.make_innovation(staff, published=False, title_th=f"นวัตกรรม {CANARY}"),
        proposal=proposals.propose(title=f"ข้อเสนอ {CANARY}", about=CANARY, contact=f"{CANARY}@canary.test"),
        lookup=lookup,
        synonyms=records.add(Synonyms, by=staff, words="ไกด์\nมัคคุเทศก์"),
        round=due.round,
        date=due.round.schedule.dates.get(),
        exception=exception,
        membership=Membership.objects.get(user=reporter),
        token=tokens.make(by=reporter, name="ลับ", days=1)[0],
        rating=ratings.rate(project, visitor="1" * 64, stars=4, comment=f"ความเห็น {CANARY}"),
        delivery=told(staff),
        imported=brought(staff),
        letter=letters.write("comment_from_desk", [reporter], thing=waiting, by=staff, comment=CANARY)[0],
        # Of a report without a canary: whoever has the link reads that report, and nothing else.
        link=links.make(factories.make_update(reporter, project), by=reporter, name="คุณดวงใจ", ends_on=localdate()),
    )
