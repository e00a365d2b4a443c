"""The people of an agency: colleagues see them, leads keep them, others do not know they are there."""

import uuid

import pytest
from django.core import mail
from django.urls import reverse

from agencies.models import Agency, Membership, Role, User
from agencies.rules import people
from govlab import outbox
from tests.factories import make_member

LIST = "/workspace/people/"
ADD = "/workspace/people/add/"


def url(verb: str, member: Membership) -> str:
    return reverse(f"workspace:member-{verb}", args=[member.pk])


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


NEW = {"email": "Somsri@govlab.test", "name": "สมศรี", "role": "reporter"}


@pytest.mark.parametrize("start", ["", "/en"])
def test_everybody_sees_the_colleagues_and_leads_keep_them(sign_in, reporter, lead, stranger, start: str) -> None:
    for person, sees in ((reporter, False), (lead, True)):
        page = sign_in(person).get(start + LIST)
        text = page.content.decode()
        assert (reporter.name in text, lead.name in text, stranger.name in text) == (True, True, False)
        assert ((start + ADD) in text, reporter.email in text) == (sees, sees)
        assert sign_in(person).get(start + ADD).status_code == (200 if sees else 403)


def test_a_lead_adds_somebody_new_who_gets_a_letter(sign_in, lead: User, agency: Agency) -> None:
    form = {**NEW, "form_key": uuid.uuid4().hex}
    for _click in range(2):
        assert sign_in(lead).post(ADD, form).url == LIST
    outbox.send_due()
    member = Membership.objects.get(user__email="somsri@govlab.test")
    assert (member.agency, member.role, member.user.name) == (agency, "reporter", "สมศรี")
    [letter] = mail.outbox
    assert letter.to == ["somsri@govlab.test"]
    for part in (
        "สมศรี",
        "กรมตัวอย่าง",
        "somsri@govlab.test",
        "/accounts/password/reset/",
        "/en/accounts/password/reset/",
    ):
        assert part in letter.body
    assert "&" not in letter.body


@pytest.mark.parametrize(
    ("name", "bad"),
    [("email", "x"), ("email", ""), ("name", ""), ("name", "ก" * 5000), ("name", "\x00"), ("role", "boss")],
)
def test_a_bad_answer_is_a_sentence_at_its_field(sign_in, lead: User, name: str, bad: str) -> None:
    response = sign_in(lead).post(ADD, {**NEW, name: bad})
    assert (response.status_code, list(response.context["form"].errors)) == (400, [name])


def test_who_is_there_already_is_told(sign_in, lead: User, reporter: User) -> None:
    response = sign_in(lead).post(ADD, {**NEW, "email": reporter.email})
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["__all__"])


def test_who_leads_two_agencies_says_which(sign_in, lead: User, staff: User, other_agency: Agency) -> None:
    people.add_member(other_agency, by=staff, email=lead.email, name="", role=Role.LEAD)
    assert sign_in(lead).post(ADD, {**NEW, "agency": other_agency.pk}).url == LIST
    assert Membership.objects.get(user__email="somsri@govlab.test").agency == other_agency


def test_a_reporter_elsewhere_and_lead_here_adds_only_here(sign_in, lead, staff, other_agency: Agency) -> None:
    people.add_member(other_agency, by=staff, email=lead.email, name="", role=Role.REPORTER)
    colleague = make_member(other_agency)
    assert sign_in(lead).get(url("edit", membership(colleague))).status_code == 403
    sign_in(lead).post(ADD, {**NEW, "agency": other_agency.pk})
    assert Membership.objects.get(user__email="somsri@govlab.test").agency != other_agency


def test_a_lead_changes_a_role(sign_in, lead: User, reporter: User) -> None:
    member = membership(reporter)
    form = {"role": "lead", "version": member.version}
    assert sign_in(lead).get(url("edit", member)).status_code == 200
    assert sign_in(lead).post(url("edit", member), form).url == LIST
    member.refresh_from_db()
    assert member.role == "lead"
    assert sign_in(lead).post(url("edit", member), {"role": "reporter", "version": 0}).status_code == 409


def test_a_lead_removes_somebody_after_a_question(sign_in, lead: User, reporter: User) -> None:
    member = membership(reporter)
    assert sign_in(lead).get(url("remove", member)).status_code == 200
    for _click in range(2):
        assert sign_in(lead).post(url("remove", member), {"form_key": "k"}).url == LIST
    assert not Membership.objects.filter(user=reporter).exists()


def test_a_lead_who_leaves_lands_on_the_own_account(sign_in, lead: User) -> None:
    response = sign_in(lead).post(url("remove", membership(lead)), follow=True)
    assert (response.redirect_chain, response.status_code) == ([("/accounts/me/", 302)], 200)


@pytest.mark.parametrize("verb", ["edit", "remove"])
def test_a_reporter_may_not_and_others_do_not_know(sign_in, reporter, lead, stranger, verb: str) -> None:
    member = membership(lead)
    nobody = reverse(f"workspace:member-{verb}", args=[member.pk + 1000])
    for method in ("get", "post"):
        assert getattr(sign_in(reporter), method)(url(verb, member)).status_code == 403
        assert getattr(sign_in(stranger), method)(url(verb, member)).status_code == 404
        assert getattr(sign_in(stranger), method)(nobody).status_code == 404
    assert Membership.objects.filter(pk=member.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_few_queries(sign_in, lead: User, agency: Agency, count: int, django_assert_num_queries) -> None:
    for _ in range(count):
        make_member(agency)
    client = sign_in(lead)
    with django_assert_num_queries(5):
        client.get(LIST)


# --- who sends to OPDC ------------------------------------------------------------------------------------------------
def passing_url(agency: Agency) -> str:
    return reverse("workspace:agency-passing", args=[agency.key])


@pytest.mark.parametrize("start", ["", "/en"])
def test_a_lead_switches_on_the_page_of_the_people_who_reads_first(sign_in, lead, reporter, agency, start: str) -> None:
    page = sign_in(lead).get(start + LIST)
    assert (start + passing_url(agency)) in page.content.decode()
    form = {"lead_passes_on": "on", "version": agency.version, "form_key": "k"}
    for _click in range(2):
        assert sign_in(lead).post(start + passing_url(agency), form).url == start + LIST
    agency.refresh_from_db()
    assert agency.lead_passes_on
    page = sign_in(reporter).get("/en" + LIST).content.decode()
    assert ("A lead of this agency reads" in page, passing_url(agency) in page) == (True, False)


def test_a_switch_that_moved_on_is_told(sign_in, lead: User, agency: Agency) -> None:
    sign_in(lead).post(passing_url(agency), {"lead_passes_on": "on", "version": agency.version})
    assert sign_in(lead).post(passing_url(agency), {"version": agency.version}).status_code == 409
    agency.refresh_from_db()
    assert agency.lead_passes_on
