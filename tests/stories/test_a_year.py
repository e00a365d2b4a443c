"""A year of the portal, told as one test: from a cohort's first day to what the public reads of it."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from agencies.models import Agency, ApiToken, Membership, User
from govlab import outbox
from projects.models import Assignment, Meeting, ProgressUpdate, Project, Stage
from tests import factories
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db


class Window:
    """One person's browser; `send` fills a form of the page in and posts it, as its button does."""

    def __init__(self, user: User | None = None) -> None:
        self.client = CheckedClient()
        if user:
            self.client.force_login(user)

    def read(self, name: str, /, *args: Any, query: str = "") -> str:
        answer = self.client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200, (name, args, answer.status_code)
        return answer.content.decode()

    def send(self, name: str, /, *args: Any, **typed: Any) -> None:
        """Fills in what differs from what the page's form already holds, and presses its button."""
        page = self.client.get(reverse(name, args=args))
        answer = self.client.post(reverse(name, args=args), {**filled(page), **typed})
        assert answer.status_code == 302, (name, args, answer.content.decode()[:9000])

    def press(self, name: str, /, *args: Any, **hidden: Any) -> None:
        """Presses a button that is a form of its own."""
        answer = self.client.post(reverse(name, args=args), hidden)
        assert answer.status_code == 302, (name, args, answer.status_code)
        assert not [m.message for m in get_messages(answer.wsgi_request) if m.level_tag == "error"]


def filled(page: Any) -> dict[str, Any]:
    """What a browser would send of the page's form as it stands."""
    context = page.context or {}
    found = {name: context[name] for name in ("version", "form_key") if context.get(name) is not None}
    for field in context.get("form", ()) if page.status_code == 200 else ():
        value = field.field.prepare_value(field.value())
        if value not in (None, False, "", []) and not field.html_name.startswith("attach"):
            found[field.html_name] = value
    return found


def test_a_year(call: Any) -> None:
    desk = Window(factories.make_staff())
    colleague = Window(factories.make_staff("เจ้าหน้าที่อีกคน"))
    public = Window()

    # January: staff open the cohort, enter an agency and its lead, who gets a letter.
    desk.send("desk:cohort-add", year=2570)
    desk.send("desk:agency-add", key="tourism", name_th="กรมการท่องเที่ยว", kind="government")
    desk.send("desk:member-add", "tourism", email="Lead@tourism.test", name="หัวหน้า", role="lead")
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [["lead@tourism.test"]]
    lead = Window(User.objects.get(email="lead@tourism.test"))
    agency = Agency.objects.get(key="tourism")

    # The lead brings a reporter in; staff enter the project, still a draft: the public sees nothing of it.
    lead.send("workspace:member-add", email="rep@tourism.test", name="ผู้รายงาน", role="reporter", agency=agency.pk)
    reporter = Window(User.objects.get(email="rep@tourism.test"))
    assert Membership.objects.filter(agency=agency).count() == 2
    cohort = {"cohort": Project._meta.get_field("cohort").related_model.objects.get(year=2570).pk}
    desk.send(
        "desk:project-add", code="gl๒๕๗๐-1", title_th="ใบสั่งงานมัคคุเทศก์ดิจิทัล", title_en="Digital job orders", **cohort
    )
    desk.send("desk:part-add", "GL2570-1", agency=agency.pk, part="owner")
    desk.send("desk:stage-edit", "GL2570-1", 1, state="not_started", planned_end="31 มี.ค. 2570")
    assert "GL2570-1" not in public.read("public:project-list")
    assert "GL2570-1" in reporter.read("workspace:home")
    desk.send("desk:project-publish", "GL2570-1")
    assert "31 มี.ค. 2570" in public.read("public:project-detail", "GL2570-1")

    # March: the first report comes without a number, goes back with the reason, and is corrected and approved.
    said = {"stage_number": 1, "stage_state": "done", "happened_on": "๑๕ ก.พ. ๒๕๖๙", "title": "ลงพื้นที่สี่จุดตรวจ"}
    reporter.send("workspace:update-add", "GL2570-1", **said, text="คุยกับมัคคุเทศก์", verb="submit")
    update = ProgressUpdate.objects.get()
    assert "ลงพื้นที่สี่จุดตรวจ" in desk.read("desk:home")
    desk.send("desk:update-return", update.pk, reason="ขอจำนวนมัคคุเทศก์")
    assert "ขอจำนวนมัคคุเทศก์" in reporter.read("workspace:home")
    assert "ลงพื้นที่สี่จุดตรวจ" not in public.read("public:project-detail", "GL2570-1")
    reporter.send("workspace:update-edit", update.pk, **said, text="คุยกับมัคคุเทศก์ 30 คน", verb="submit")
    version = ProgressUpdate.objects.get().version
    desk.client.post(reverse("desk:update-approve", args=[update.pk]), {"version": version})
    page = public.read("public:project-detail", "GL2570-1")
    assert "คุยกับมัคคุเทศก์ 30 คน" in page and "15 ก.พ. 2569" in page and "ขอจำนวนมัคคุเทศก์" not in page
    assert Stage.objects.get(project__code="GL2570-1", number=1).state == "done"
    assert Project.objects.get(code="GL2570-1").current_stage == 1

    # June: a program of the agency reports the second stage with a token made on the account page.
    made = reporter.client.post(reverse("account:token-add"), {"name": "ระบบรายงาน", "days": 30, "scope": "report"})
    secret = next(word for word in made.content.decode().split() if "gl_" in word)
    assert ApiToken.objects.get().hint in secret
    api = call(User.objects.get(email="rep@tourism.test"))
    report = {"project": "GL2570-1", "stage": 2, "stage_state": "in_progress", "happened_on": "2026-06-30"}
    made = api.post("/api/v1/updates/", {**report, "title": "สัมภาษณ์บริษัทนำเที่ยว", "text": "12 บริษัท"})
    assert (made.status_code, made.json()["steps"]) == (201, ["edit", "discard", "submit"])
    assert api.post(f"/api/v1/updates/{made.json()['id']}/submit/").status_code == 200
    assert api.post(f"/api/v1/updates/{made.json()['id']}/approve/").status_code == 403
    boss = call(User.objects.get(name="เจ้าหน้าที่อีกคน"))
    assert boss.post(f"/api/v1/updates/{made.json()['id']}/approve/").status_code == 200
    assert "สัมภาษณ์บริษัทนำเที่ยว" in public.read("public:home")

    # September: the committee meets, decides, and asks the agency for something.
    desk.send("desk:meeting-add", key="committee-1-2570", kind="committee", title_th="ประชุมติดตาม", starts_on="1/9/2569")
    item = Meeting.objects.get().agenda.get(kind="considered")
    desk.send("desk:meeting-part-add", "committee-1-2570", "resolutions", item=item.pk, text_th="เห็นชอบ")
    resolution = {"resolution": item.resolutions.get().pk, "agency": agency.pk}
    assert "ขยายผล" not in reporter.read("workspace:home")
    desk.send(
        "desk:meeting-part-add", "committee-1-2570", "assignments", **resolution, text_th="ขยายผล", due_on="31/12/2569"
    )
    assert "ขยายผล" in reporter.read("workspace:home")
    desk.press("desk:meeting-finish", "committee-1-2570")
    desk.send("desk:meeting-adopt", "committee-1-2570", adopted_on="15/9/2569")
    desk.send("desk:meeting-publish", "committee-1-2570")
    assert "ขยายผล" in public.read("public:meeting-detail", "committee-1-2570")

    # November: the agency answers, staff close; the year's work is found by a part of a word.
    task = Assignment.objects.get()
    reporter.send("workspace:assignment-detail", task.pk, text="ขยายไปห้าจังหวัดแล้ว")
    assert "ขยายผล" in colleague.read("desk:home")
    colleague.send("desk:assignment-close", task.pk, note="ครบตามมติ")
    task.refresh_from_db()
    assert task.state == "closed"
    assert "ขยายไปห้าจังหวัดแล้ว" not in public.read("public:meeting-detail", "committee-1-2570")
    assert "GL2570-1" in public.read("public:search", query="?q=ใบสั่งงาน")
    assert "Digital job orders" in CheckedClient().get("/en/projects/GL2570-1/").content.decode()

    # Everything that happened stands in the history, with who and what.
    history = desk.read("desk:history")
    assert "ใบสั่งงานมัคคุเทศก์ดิจิทัล" in history and "เจ้าหน้าที่อีกคน" in history
