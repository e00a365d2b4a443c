"""Agencies and people on the desk."""

import pytest
from django.urls import reverse

from agencies.models import Agency, Membership, User
from agencies.rules import people, records
from govlab import outbox
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


def typed(agency, **answers):
    """What the agency form sends."""
    names = ["key", "name_th", "name_en", "short_th", "short_en", "kind", "quota_mb", "version"]
    return {**{name: getattr(agency, name) for name in names}, **answers}


def test_the_list_is_found_by_words_and_kind(desk, staff, agency):
    other = factories.make_agency(staff, "มหาวิทยาลัยตัวอย่าง", kind="academic")

    def listed(query):
        return list(desk.get(f"/desk/agencies/?{query}").context["agencies"])

    assert listed("") == [agency, other]
    assert listed("q=กรม") == [agency]
    assert listed("kind=academic") == [other]
    page = desk.get("/desk/agencies/?kind=x")
    assert (page.status_code, list(page.context["filter"].form.errors)) == (200, ["kind"])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_three_as_for_one(desk, staff, rows, django_assert_num_queries):
    above = factories.make_agency(staff)
    for _n in range(rows):
        factories.make_member(factories.make_agency(staff, parent=above))
    with django_assert_num_queries(4):
        assert len(desk.get("/desk/agencies/").context["agencies"]) == rows + 1


def test_an_agency_is_added_once(desk):
    data = {"key": "new-agency", "name_th": "กรมใหม่", "kind": "government", "quota_mb": "500", "form_key": "k"}
    for _click in range(2):
        assert desk.post(reverse("desk:agency-add"), data).headers["Location"] == "/desk/agencies/new-agency/"
    assert (Agency.objects.get().name_th, Agency.objects.get().quota_mb) == ("กรมใหม่", 500)
    assert desk.get("/desk/agencies/new-agency/").status_code == 200


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"key": "กรม"}, "key"),
        ({"key": "add"}, "key"),
        ({"name_th": ""}, "name_th"),
        ({"name_th": "ก" * 5000}, "name_th"),
        ({"name_en": "a\x00b"}, "name_en"),
        ({"kind": "x"}, "kind"),
        ({"parent": "987654"}, "parent"),
    ],
)
def test_a_bad_answer_gets_a_sentence_and_all_is_kept(desk, agency, answers, field):
    page = desk.post(f"/desk/agencies/{agency.key}/edit/", typed(agency, short_en="Typed", **answers))
    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    assert 'value="Typed"' in page.content.decode()


def test_an_agency_belongs_neither_to_itself_nor_below_itself(desk, staff, agency):
    below = factories.make_agency(staff, parent=agency)
    for parent in (agency, below):
        page = desk.post(f"/desk/agencies/{agency.key}/edit/", typed(agency, parent=parent.pk))
        assert (page.status_code, list(page.context["form"].errors)) == (400, ["parent"])


def test_a_stale_agency_is_compared(desk, staff, agency):
    records.edit(agency, by=staff, version=agency.version, short_en="Theirs")
    page = desk.post(f"/desk/agencies/{agency.key}/edit/", typed(agency, short_en="Mine"))
    assert (page.status_code, [row["before"] for row in page.context["compare"]]) == (409, ["Theirs"])


@pytest.mark.parametrize("rows", [1, 3])
def test_one_agency_costs_the_same_for_three_people_as_for_one(desk, agency, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_member(agency)
    with django_assert_num_queries(6):
        assert len(desk.get(f"/desk/agencies/{agency.key}/").context["people"]) == rows


def test_a_person_is_added_once_and_gets_a_letter(desk, agency, mailoutbox):
    url = reverse("desk:member-add", args=[agency.key])
    data = {"email": "New@Govlab.test", "name": "คนใหม่", "role": "lead", "form_key": "k"}
    for _click in range(2):
        assert desk.post(url, data).headers["Location"] == f"/desk/agencies/{agency.key}/"
    outbox.send_due()
    member = Membership.objects.get(agency=agency)
    assert (member.user.email, member.role, len(mailoutbox)) == ("new@govlab.test", "lead", 1)
    page = desk.post(url, {**data, "form_key": "again"})
    assert page.status_code == 400
    assert Membership.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "field"), [({"email": "no"}, "email"), ({"name": ""}, "name"), ({"role": "x"}, "role")]
)
def test_a_bad_person_gets_a_sentence(desk, agency, answers, field):
    data = {"email": "new@govlab.test", "name": "คนใหม่", "role": "lead", **answers}
    page = desk.post(reverse("desk:member-add", args=[agency.key]), data)
    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    assert User.objects.filter(email="new@govlab.test").count() == 0


def test_a_role_is_changed_and_a_stale_change_is_compared(desk, agency, reporter):
    member = Membership.objects.get(user=reporter)
    url = reverse("desk:member-edit", args=[member.pk])
    assert desk.post(url, {"role": "lead", "version": member.version}).status_code == 302
    assert desk.post(url, {"role": "reporter", "version": member.version}).status_code == 409
    assert Membership.objects.get(user=reporter).role == "lead"


def test_a_person_is_taken_out_once(desk, agency, reporter):
    member = Membership.objects.get(user=reporter)
    url = reverse("desk:member-remove", args=[member.pk])
    assert desk.get(url).status_code == 200
    for _click in range(2):
        assert desk.post(url, {"form_key": "k"}).headers["Location"] == f"/desk/agencies/{agency.key}/"
    assert (Membership.objects.count(), User.objects.filter(pk=reporter.pk).count()) == (0, 1)


def test_people_are_found_by_name_address_and_what_they_are(desk, staff, reporter):
    def listed(query):
        return set(desk.get(f"/desk/people/?{query}").context["people"])

    assert listed("") == {staff, reporter}
    assert listed(f"q={reporter.email}") == {reporter}
    assert listed("who=staff") == {staff}
    assert listed("who=agencies") == {reporter}
    assert listed("who=out") == set()
    page = desk.get("/desk/people/?who=x&q=%00")
    assert (page.status_code, sorted(page.context["form"].errors)) == (200, ["q", "who"])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_people_costs_the_same_for_three_as_for_one(desk, staff, agency, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_member(agency)
    with django_assert_num_queries(6):
        assert len(desk.get("/desk/people/").context["people"]) == rows + 1


def test_a_member_of_staff_is_added(desk):
    answer = desk.post(reverse("desk:person-add"), {"email": "colleague@govlab.test", "name": "เพื่อนร่วมงาน"})
    assert answer.headers["Location"] == reverse("desk:person-list")
    assert User.objects.get(email="colleague@govlab.test").is_staff


def test_a_person_is_edited_and_a_stale_edit_is_compared(desk, staff, reporter):
    url = reverse("desk:person-edit", args=[reporter.pk])
    data = {"name": "ชื่อใหม่", "is_active": "on", "version": reporter.version}
    assert desk.get(url).status_code == 200
    assert desk.post(url, data).status_code == 302
    page = desk.post(url, {**data, "name": "อีกชื่อ"})
    assert (page.status_code, [row["after"] for row in page.context["compare"]]) == (409, ["อีกชื่อ"])
    assert User.objects.get(pk=reporter.pk).name == "ชื่อใหม่"


def test_nobody_shuts_themselves_out(desk, staff):
    page = desk.post(reverse("desk:person-edit", args=[staff.pk]), {"name": staff.name, "version": staff.version})
    assert page.status_code == 400
    assert User.objects.get(pk=staff.pk).is_staff


def test_who_may_no_longer_sign_in_is_marked(desk, staff, reporter):
    shut = {"is_staff": False, "is_active": False, "leads_desk": False}
    people.edit_person(reporter, by=staff, version=reporter.version, name="ลาออก", **shut)
    assert "May not sign in" in desk.get("/en/desk/people/?who=out").content.decode()
