"""A reporting year with three agencies: one reports as asked, one has to correct, one stays silent."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Membership, User
from govlab import outbox
from projects.models import DueReport, Indicator, ProgressUpdate, Round, Stage
from projects.rules import links, reminders, reviews, rounds, steps
from tests import factories
from tests.pages import CheckedClient
from tests.stories.test_a_year import Window

pytestmark = pytest.mark.django_db


def at(day: str, hour: int = 9) -> dt.datetime:
    """A moment in Bangkok."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), timezone.get_default_timezone())


def the_clock_goes(first: str, last: str) -> dict[str, list[str]]:
    """Lets the worker do each day's work; gives who got which letter, by day."""
    letters: dict[str, list[str]] = {}
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    while day <= end:
        now = at(day.isoformat())
        rounds.tick(now)
        reminders.remind(now)
        mail.outbox.clear()
        outbox.send_due(now)
        for letter in mail.outbox:
            letters.setdefault(day.isoformat(), []).append(f"{letter.to[0].partition('@')[0]}: {letter.subject}")
        day += dt.timedelta(days=1)
    return {day: sorted(found) for day, found in letters.items()}


class Team:
    """An agency with its project, its lead and its reporter, each with a browser."""

    def __init__(self, staff: User, key: str, name: str) -> None:
        self.agency = factories.make_agency(staff, name, key=key)
        self.project = factories.make_project(staff, owner=self.agency, year=2562, title_th=f"โครงการของ{name}")
        self.people = {}
        for role in ("reporter", "lead"):
            person = User.objects.create_user(f"{role}-{key}@govlab.test", name=f"{role} {key}")
            Membership.objects.create(user=person, agency=self.agency, role=role)
            self.people[role] = person
        self.reporter, self.lead = Window(self.people["reporter"]), Window(self.people["lead"])

    def due(self) -> DueReport:
        """What the newest round asks of it."""
        return DueReport.objects.filter(project=self.project).latest("round__period_end")


REPORT = {"stage_number": 1, "stage_state": "in_progress", "happened_on": "31/3/2562"}


def test_a_reporting_year() -> None:
    staff, colleague = factories.make_staff(), factories.make_staff("เจ้าหน้าที่อีกคน")
    desk, other_desk, public = Window(staff), Window(colleague), Window()
    tourism, labour, health = (
        Team(staff, key, name) for key, name in (("tourism", "กรม ก"), ("labour", "กรม ข"), ("health", "กรม ค"))
    )

    # Before the first quarter ends, staff say when the cohort reports.
    when = {"rhythm": "quarterly", "starts_on": "1/1/2562", "ends_on": "30/6/2562", "opens_after": 1, "due_after": 15}
    desk.send("desk:schedule-add", 2562, **when)
    assert the_clock_goes("2019-03-01", "2019-03-31") == {}
    assert not Round.objects.exists()

    # The quarter is over: each project is asked once, and told a week before it is due.
    letters = the_clock_goes("2019-04-01", "2019-04-08")
    assert sorted(DueReport.objects.values_list("project__code", flat=True)) == sorted(
        team.project.code for team in (tourism, labour, health)
    )
    assert list(letters) == ["2019-04-08"]
    assert [line.partition(":")[0] for line in letters["2019-04-08"]] == [
        f"{role}-{team}" for role in ("lead", "reporter") for team in ("health", "labour", "tourism")
    ]

    # Tourism: the reporter writes, a lead has asked to read first, hands it back, passes it on; a colleague approves.
    tourism.lead.send("workspace:agency-passing", "tourism", lead_passes_on="on")
    indicator = factories.make_indicator(staff, tourism.project, direction="up")
    page = tourism.reporter.read("workspace:home")
    assert tourism.project.code in page and labour.project.code not in page
    said = {**REPORT, "title": "ลงพื้นที่สี่จุด", "text": "คุยกับมัคคุเทศก์ 30 คน", f"reading_{indicator.pk}": "๓"}
    tourism.reporter.send("workspace:due-report", tourism.due().pk, **said, verb="submit")
    update = tourism.due().update
    assert update is not None and update.state == "with_lead"
    assert "ลงพื้นที่สี่จุด" not in desk.read("desk:home")
    tourism.lead.send("workspace:update-hand-back", update.pk, reason="เติมจำนวนบริษัท")
    assert "เติมจำนวนบริษัท" in tourism.reporter.read("workspace:update-edit", update.pk)
    tourism.reporter.send(
        "workspace:update-edit", update.pk, **{**said, "text": "มัคคุเทศก์ 30 คน 12 บริษัท"}, verb="submit"
    )
    tourism.lead.press("workspace:update-pass-on", update.pk, version=version_of(update))
    assert "ลงพื้นที่สี่จุด" in desk.read("desk:home")
    other_desk.press("desk:update-approve", update.pk, version=version_of(update))
    assert "12 บริษัท" in public.read("public:project-detail", tourism.project.code)
    assert Stage.objects.get(project=tourism.project, number=1).state == "in_progress"

    # Labour: a colleague without an account fills it in by a link, the reporter sends it, withdraws it, sends it again;
    # staff open it and return it with a note at the field; it is corrected, approved, taken back, and approved again.
    labour.reporter.send("workspace:due-report", labour.due().pk, **REPORT, title="เริ่มสำรวจ", text="", verb="draft")
    update = labour.due().update
    assert update is not None
    link = links.make(
        update, by=labour.people["reporter"], name="สมหญิง", ends_on=timezone.localdate() + dt.timedelta(days=3)
    )
    guest = Window()
    guest.send("public:fill", links.token_of(link), **REPORT, title="สำรวจนายจ้าง", text="นายจ้าง 6 ราย")
    update.refresh_from_db()
    assert (update.state, update.filled_by, update.text) == ("draft", "สมหญิง", "นายจ้าง 6 ราย")
    for verb in ("submit", "withdraw", "submit"):
        labour.reporter.press(f"workspace:update-{verb}", update.pk, version=version_of(update))
    desk.press("desk:update-open", update.pk, version=version_of(update))
    update.refresh_from_db()
    assert "withdraw" not in steps.open_steps(labour.people["reporter"], update)
    desk.send("desk:update-return", update.pk, reason="ขอจำนวนลูกจ้าง", note_text="มีแต่นายจ้าง")
    assert "มีแต่นายจ้าง" in labour.reporter.read("workspace:update-edit", update.pk)
    corrected = {**REPORT, "title": "สำรวจนายจ้าง", "text": "นายจ้าง 6 ราย ลูกจ้าง 40 คน"}
    labour.reporter.send("workspace:update-edit", update.pk, **corrected, verb="submit")
    page = desk.read("desk:update-detail", update.pk)
    assert "นายจ้าง 6 ราย ลูกจ้าง 40 คน" in page and "สมหญิง" in page
    desk.press("desk:update-approve", update.pk, version=version_of(update))
    assert "ลูกจ้าง 40 คน" in public.read("public:project-detail", labour.project.code)
    other_desk.send("desk:update-take-back", update.pk, reason="ตัวเลขยังไม่ตรง")
    assert "ลูกจ้าง 40 คน" not in public.read("public:project-detail", labour.project.code)
    assert Stage.objects.get(project=labour.project, number=1).state == "unknown"
    desk.press("desk:update-approve", update.pk, version=version_of(update))
    assert "ลูกจ้าง 40 คน" in public.read("public:project-detail", labour.project.code)

    # Health says nothing: reminded when it is late, with growing pauses, until staff waive the round.
    reminded = the_clock_goes("2019-04-09", "2019-05-23")
    about_health = {day: lines for day, lines in reminded.items() if any("health" in line for line in lines)}
    assert list(about_health) == ["2019-04-16", "2019-04-22", "2019-05-22"]
    assert health.project.code in desk.read("desk:late-list")
    desk.send("desk:due-report-waive", health.due().pk, reason="ย้ายสำนักงาน")
    assert health.project.code not in health.reporter.read("workspace:home").partition("<h2")[0]

    # The round is closed; its picture stays while the year goes on, and the next one is compared with it.
    first = Round.objects.get()
    desk.send("desk:round-close", first.pk)
    picture = list(first.snapshots.values_list("project__code", "standing"))
    assert [code for code, _standing in picture] == sorted(team.project.code for team in (tourism, labour, health))
    the_clock_goes("2019-07-01", "2019-07-01")
    second = Round.objects.exclude(pk=first.pk).get()
    done = {**REPORT, "stage_state": "done", "happened_on": "30/6/2562", "title": "จบขั้นแรก", "text": "ครบทุกจุด"}
    done[f"reading_{indicator.pk}"] = "12"
    tourism.lead.send("workspace:due-report", tourism.due().pk, **done, verb="submit")
    update = tourism.due().update
    assert update is not None
    assert reviews.needs_look(update)
    desk.press("desk:update-approve", update.pk, version=version_of(update))
    desk.send("desk:round-close", second.pk)
    assert list(first.snapshots.values_list("project__code", "standing")) == picture
    page = desk.read("desk:round-standing", first.pk)
    assert "ลงพื้นที่สี่จุด" in page and "จบขั้นแรก" not in page
    compared = desk.read("desk:round-standing", second.pk, query=f"?with={first.pk}")
    assert "จบขั้นแรก" in compared and "ลงพื้นที่สี่จุด" in compared
    assert Stage.objects.get(project=tourism.project, number=1).state == "done"
    assert list(Indicator.objects.get().readings.order_by("pk").values_list("value", flat=True)) == [3, 12]

    # Nobody of another agency, and no visitor, ever saw a report that was not approved.
    assert ProgressUpdate.objects.visible_to(health.people["lead"]).exclude(state="approved").count() == 0
    for person in (health.reporter, public):
        page = person.client.get(reverse("workspace:update-detail", args=[update.pk]))
        assert page.status_code in (302, 403)
    assert CheckedClient().get(f"/en/projects/{tourism.project.code}/").status_code == 200
    assert Agency.objects.get(key="tourism").lead_passes_on


def version_of(update: ProgressUpdate) -> Any:
    """The version that stands there now."""
    return ProgressUpdate.objects.get(pk=update.pk).version
