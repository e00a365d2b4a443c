"""Updates on the desk: the list, one update with all that helps to judge it, approve, return."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Membership
from projects.models import Comment, ProgressUpdate, Stage
from projects.rules import reviews, updates
from projects.rules.readings import Measure
from tests import factories

pytestmark = pytest.mark.django_db


def at(verb, update):
    return reverse(f"desk:update-{verb}", args=[update.pk])


@pytest.fixture
def waiting(reporter, project):
    return factories.make_update(reporter, project, "submitted")


def test_the_list_is_filtered_by_state_project_and_agency(sign_in, staff, reporter, project, agency):
    one = factories.make_update(reporter, project, "submitted")
    two = factories.make_update(reporter, factories.make_project(staff, owner=agency), "returned", staff)
    client = sign_in(staff)

    def listed(query):
        return [row.thing for row in client.get(reverse("desk:update-list") + query).context["updates"]]

    assert listed("") == [two, one]
    assert listed("?state=submitted") == [one]
    assert listed(f"?project={two.project.code}") == [two]
    assert listed(f"?agency={agency.key}") == [two, one]
    page = client.get(reverse("desk:update-list") + "?state=nonsense")
    assert (page.status_code, list(page.context["filter"].form.errors)) == (200, ["state"])
    assert [row.thing for row in page.context["updates"]] == [two, one]


@pytest.mark.parametrize("number", ["99999", "x", "0", "-1"])
def test_a_page_that_is_not_there_says_so(sign_in, staff, waiting, number):
    page = sign_in(staff).get(f"/en/desk/updates/?state=submitted&page={number}")
    assert page.status_code == 404
    assert "The list has no such page." in page.content.decode()
    assert 'href="?state=submitted"' in page.content.decode()


def test_another_persons_draft_is_not_there(sign_in, staff, reporter, project):
    draft = factories.make_update(reporter, project)
    client = sign_in(staff)
    assert [client.get(at("detail", draft)).status_code, client.get("/desk/updates/987654/").status_code] == [404, 404]
    assert list(client.get(reverse("desk:update-list")).context["updates"]) == []
    assert client.post(at("approve", draft), {"version": draft.version}).status_code == 404


def test_the_page_shows_all_that_was_sent(sign_in, staff, waiting):
    page = sign_in(staff).get(at("detail", waiting))
    text = page.content.decode()
    assert [part in text for part in (waiting.title, waiting.text, waiting.obstacles, str(waiting.agency))] == [
        True
    ] * 4
    assert page.context["open"] == ["open", "return", "approve"]


def test_it_names_the_round_it_answers_and_when_it_is_due(sign_in, staff, reporter, project):
    factories.make_round(staff)
    due = project.due_reports.get()
    update = factories.make_update(reporter, project, "submitted", due=due)
    plain = factories.make_update(reporter, project, "submitted")
    client = sign_in(staff)
    address = reverse("desk:round-detail", args=[due.round_id])
    pages = [client.get(at("detail", each)).content.decode() for each in (update, plain)]
    assert [address in page for page in pages] == [True, False]


def test_it_says_what_approving_makes_of_the_stage(sign_in, staff, reporter, project):
    update = factories.make_update(reporter, project, "submitted", stage_state="done")
    client = sign_in(staff)
    assert client.get(at("detail", update)).context["outcome"] == {"state": "done", "actual_end": update.happened_on}
    factories.make_update(reporter, project, "approved", staff, happened_on=dt.date(2019, 9, 1))
    page = client.get("/en" + at("detail", update))
    assert page.context["outcome"] is None
    assert "The stage stays as it is" in page.content.decode()


def test_a_reading_stands_beside_the_one_approved_before(sign_in, staff, reporter, project):
    indicator = factories.make_indicator(staff, project)
    factories.make_update(reporter, project, "approved", staff, readings={indicator: Measure(Decimal(4))})
    later = factories.make_update(
        reporter, project, "submitted", happened_on=dt.date(2019, 8, 1), readings={indicator: Measure(Decimal("6.50"))}
    )
    (row,) = sign_in(staff).get(at("detail", later)).context["measured"]
    del row["indicator"]
    numbers = {"value": "6.5", "before": "4", "baseline": "0", "target": "12"}
    assert row == {**numbers, "unavailable": "", "doubt": "", "confirmed": False}


def test_what_changed_since_it_was_returned_stands_side_by_side(sign_in, staff, reporter, project):
    update = factories.make_update(reporter, project, "submitted")
    update = reviews.return_(update, by=staff, reason="ขอจำนวน", notes={"text": "กี่คน"})
    update = updates.edit(update, by=reporter, version=update.version, text="สัมภาษณ์ 24 คน", obstacles="")
    update = updates.submit(update, by=reporter)
    page = sign_in(staff).get("/en" + at("detail", update))
    context = page.context
    assert (context["sent_back"].text, context["sent_back"].notes) == ("ขอจำนวน", (("What was done", "กี่คน"),))
    assert [(row["label"], row["before"], row["after"]) for row in context["since"]] == [
        ("What was done", factories.FULL["text"], "สัมภาษณ์ 24 คน"),
        ("Obstacles, or help needed", factories.FULL["obstacles"], ""),
    ]
    assert [step.verb for step in context["steps"]] == ["submit", "return", "submit"]
    assert "กี่คน" in page.content.decode()


def test_each_version_opens_on_a_page_of_its_own(sign_in, staff, reporter, project):
    update = factories.make_update(reporter, project, "returned", staff)
    update = updates.submit(updates.edit(update, by=reporter, version=update.version, title="ใหม่"), by=reporter)
    client = sign_in(staff)
    first, second = (client.get(f"/en/desk/updates/{update.pk}/versions/{number}/") for number in (1, 2))
    assert (first.context["changed"], first.context["after"], second.context["after"]) == (None, 2, None)
    assert [(row["before"], row["after"]) for row in second.context["changed"]] == [(factories.FULL["title"], "ใหม่")]
    assert [factories.FULL["title"] in page.content.decode() for page in (first, second)] == [True, True]
    for number in (0, 3, 99):
        assert client.get(f"/desk/updates/{update.pk}/versions/{number}/").status_code == 404


def test_approving_moves_the_stage_and_leads_back_to_what_waits(sign_in, staff, waiting):
    client = sign_in(staff)
    answer = client.post(at("approve", waiting), {"version": waiting.version, "form_key": "k1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("desk:home"))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reviewed_by) == ("approved", staff)
    assert Stage.objects.get(project=waiting.project, number=2).state == "in_progress"


def test_two_clicks_approve_once(sign_in, staff, waiting):
    client = sign_in(staff)
    for _click in range(2):
        assert client.post(at("approve", waiting), {"version": waiting.version, "form_key": "k1"}).status_code == 302
    assert waiting.history.filter(history_change_reason="approve").count() == 1


@pytest.mark.parametrize("version", ["0", "", "x", "99999999999"])
def test_approving_what_has_moved_on_is_refused_with_a_sentence(sign_in, staff, waiting, version):
    client = sign_in(staff)
    answer = client.post("/en" + at("approve", waiting), {"version": version}, follow=True)
    assert "Somebody changed this since you opened it." in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.state == "submitted"


def test_approving_twice_from_two_desks_is_refused_with_a_sentence(sign_in, staff, other_staff, waiting):
    version = waiting.version
    reviews.approve(waiting, by=other_staff)
    answer = sign_in(staff).post("/en" + at("approve", waiting), {"version": version}, follow=True)
    assert answer.status_code == 200
    assert "This update is Approved" in answer.content.decode()


def test_nobody_approves_their_own_and_no_button_offers_it(sign_in, staff, agency, project):
    Membership.objects.create(user=staff, agency=agency, role="reporter")
    update = factories.make_update(staff, project, "submitted")
    client = sign_in(staff)
    page = client.get(at("detail", update))
    assert page.context["open"] == ["withdraw", "open", "return"]
    assert page.context["approvers"] == []  # nobody else was there when it was sent
    assert at("approve", update) not in page.content.decode()
    assert client.post(at("approve", update), {"version": update.version}).status_code == 403
    assert ProgressUpdate.objects.get(pk=update.pk).state == "submitted"


def test_who_may_approve_was_fixed_when_it_was_sent_and_stands_there_by_name(sign_in, staff, waiting):
    late = factories.make_staff("มาทีหลัง")
    page = sign_in(late).get("/en" + at("detail", waiting))
    assert (page.context["approvers"], str(staff) in page.content.decode()) == ([staff], True)
    assert sign_in(staff).get(at("detail", waiting)).context["approvers"] == []


def test_returning_needs_a_reason_and_keeps_what_was_typed(sign_in, staff, waiting):
    client = sign_in(staff)
    url = at("return", waiting)
    assert client.get(url).status_code == 200
    for reason in ("", "   "):
        page = client.post(url, {"version": waiting.version, "reason": reason})
        assert (page.status_code, list(page.context["form"].errors)) == (400, ["reason"])
    page = client.post(url, {"version": waiting.version, "reason": "ก" * 5001})
    assert (page.status_code, "ก" * 5001 in page.content.decode()) == (400, True)
    answer = client.post(url, {"version": waiting.version, "reason": "ขอจำนวน", "form_key": "k"})
    assert answer.headers["Location"] == reverse("desk:home")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.return_reason) == ("returned", "ขอจำนวน")


def test_two_clicks_return_once(sign_in, staff, waiting):
    client = sign_in(staff)
    for _click in range(2):
        data = {"version": waiting.version, "reason": "ขอจำนวน", "form_key": "k"}
        assert client.post(at("return", waiting), data).status_code == 302
    assert waiting.history.filter(history_change_reason="return").count() == 1


def test_a_return_of_what_was_sent_again_meanwhile_keeps_the_reason(sign_in, staff, other_staff, reporter, waiting):
    version = waiting.version
    update = reviews.return_(waiting, by=other_staff, reason="แก้")
    update = updates.submit(update, by=reporter)
    page = sign_in(staff).post("/en" + at("return", waiting), {"version": version, "reason": "ขอจำนวน"})
    assert page.status_code == 409
    text = page.content.decode()
    assert ["The agency sent it again" in text, "ขอจำนวน" in text] == [True, True]
    assert f'name="version" value="{update.version}"' in text


def test_a_return_takes_a_note_on_each_answer(sign_in, staff, waiting):
    client = sign_in(staff)
    typed = {"version": waiting.version, "reason": "", "note_title": "สั้นลง", "note_readings": "  "}
    page = client.post(at("return", waiting), typed)
    assert (page.status_code, "สั้นลง" in page.content.decode()) == (400, True)
    page = client.post(at("return", waiting), {**typed, "reason": "ขอแก้", "note_text": "ก" * 1001})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["note_text"])
    assert client.post(at("return", waiting), {**typed, "reason": "ขอแก้"}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.return_notes == {"title": "สั้นลง"}


def test_an_approval_is_taken_back_with_a_reason_and_the_public_page_follows(sign_in, staff, client, reporter, project):
    update = factories.make_update(reporter, project, "approved", staff)
    public = reverse("public:project-detail", args=[project.code])
    assert update.title in client.get(public).content.decode()
    desk = sign_in(staff)
    assert at("take-back", update) in desk.get(at("detail", update)).content.decode()
    page = desk.post(at("take-back", update), {"version": update.version, "reason": " "})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["reason"])
    answer = desk.post(at("take-back", update), {"version": update.version, "reason": "ตัวเลขผิด"})
    assert answer.headers["Location"] == at("detail", update)
    update.refresh_from_db()
    assert (update.state, Stage.objects.get(project=project, number=2).state) == ("submitted", "unknown")
    assert "ตัวเลขผิด" in desk.get(at("detail", update)).content.decode()
    desk.logout()
    assert update.title not in client.get(public).content.decode()
    reviews.approve(update, by=staff)
    assert update.title in client.get(public).content.decode()


def test_a_comment_goes_to_the_agency_or_stays_among_staff(sign_in, staff, reporter, waiting):
    client = sign_in(staff)
    url = at("comment", waiting)
    assert (client.get(url).status_code, client.post(url, {"text": " "}).status_code) == (200, 400)
    for typed in ({"text": "ขอบคุณ", "form_key": "a"}, {"text": "ดูตัวเลข", "inside": "on", "form_key": "b"}):
        for _click in range(2):
            assert client.post(url, typed).headers["Location"] == at("detail", waiting) + "#timeline"
    assert list(Comment.objects.values_list("text", "inside", "author")) == [
        ("ขอบคุณ", False, staff.pk),
        ("ดูตัวเลข", True, staff.pk),
    ]
    text = client.get(at("detail", waiting)).content.decode()
    assert ["ขอบคุณ" in text, "ดูตัวเลข" in text] == [True, True]
    theirs = sign_in(reporter).get(reverse("workspace:update-detail", args=[waiting.pk])).content.decode()
    assert ["ขอบคุณ" in theirs, "ดูตัวเลข" in theirs, str(staff) in theirs.replace("เจ้าหน้าที่ ก.พ.ร.", "")] == [
        True,
        False,
        False,
    ]


# --- many at once ----------------------------------------------------------------------------------------------------
MANY = "/en/desk/updates/approve/"


@pytest.fixture
def three(staff, reporter, project):
    """Three ordinary updates of a stage that stands where they say it does."""
    factories.make_update(reporter, project, "approved", staff)
    return [factories.make_update(reporter, project, "submitted", obstacles="", title=title) for title in "กขค"]


def ticked(*rows):
    return [f"{update.pk}:{update.version}" for update in rows]


def test_many_are_approved_and_the_page_says_which_were_not_and_why(sign_in, staff, reporter, project, three):
    plain, changed, gone = three
    stuck = factories.make_update(reporter, project, "submitted", title="ติดขัด")
    version = changed.version
    reviews.open_(changed, by=staff)
    updates.discard(updates.withdraw(gone, by=reporter), by=reporter)
    client = sign_in(staff)
    chosen = [*ticked(plain, gone, stuck), f"{changed.pk}:{version}", "x:1", "1:", f"{2**70}:1", "7"]
    answer = client.post(MANY, {"update": chosen, "form_key": "k"})
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    assert [row["title"] for row in page.context["approved"]] == ["ก"]
    assert [(row["title"], row["why"]) for row in page.context["refused"]] == [
        ("ติดขัด", "It names obstacles or asks for help."),
        ("ข", "Somebody changed this since you opened it. Look at it again, then decide."),
    ]
    states = ProgressUpdate.objects.filter(pk__in=[plain.pk, stuck.pk, changed.pk]).values_list("title", "state")
    assert sorted(states) == [("ก", "approved"), ("ข", "submitted"), ("ติดขัด", "submitted")]


def test_a_second_click_and_a_reload_show_the_same_result_and_approve_nothing_twice(sign_in, staff, three):
    client = sign_in(staff)
    typed = {"update": ticked(*three[:2]), "form_key": "k"}
    places = [client.post(MANY, typed).headers["Location"] for _click in range(2)]
    assert places[0] == places[1]
    for _reload in range(2):
        page = client.get(places[0])
        assert [len(page.context[name]) for name in ("approved", "refused")] == [2, 0]
    assert ProgressUpdate.history.filter(history_change_reason="approve", id__in=[u.pk for u in three]).count() == 2
    other = client.post(MANY, {"update": ticked(three[2]), "form_key": "k"}, follow=True)
    assert "This list was sent before." in other.content.decode()
    three[2].refresh_from_db()
    assert three[2].state == "submitted"


def test_the_result_is_for_whoever_sent_the_list(sign_in, staff, other_staff, three):
    place = sign_in(staff).post(MANY, {"update": ticked(three[0])}).headers["Location"]
    client = sign_in(other_staff)
    assert [client.get(url).status_code for url in (place, "/desk/updates/approved/nothing/")] == [404, 404]


def test_nothing_ticked_says_so(sign_in, staff, three):
    page = sign_in(staff).post(MANY, {"form_key": "k"}, follow=True)
    assert "Nothing was ticked." in page.content.decode()


# --- queries ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_three_as_for_one(
    sign_in, staff, reporter, agency, rows, django_assert_num_queries
):
    for _n in range(rows):
        factories.make_update(reporter, factories.make_project(staff, owner=agency), "submitted")
    client = sign_in(staff)
    with django_assert_num_queries(5):
        assert len(client.get(reverse("desk:update-list")).context["updates"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_one_update_costs_the_same_with_three_readings_as_with_one(
    sign_in, staff, reporter, project, rows, django_assert_num_queries
):
    indicators = [factories.make_indicator(staff, project) for _n in range(rows)]
    readings = {indicator: Measure(Decimal(4)) for indicator in indicators}
    factories.make_update(reporter, project, "approved", staff, readings=readings)
    update = factories.make_update(reporter, project, "returned", staff, readings=readings)
    update = updates.submit(update, by=reporter)
    client = sign_in(staff)
    with django_assert_num_queries(12):
        assert len(client.get(at("detail", update)).context["measured"]) == rows
