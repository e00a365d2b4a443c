"""Who lets people in and out of agencies and of OPDC's staff, and the letter that a new person gets."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Agency, Membership, User
from agencies.rules import people
from govlab import outbox
from govlab.history import Stale
from tests import factories

KEEPERS = {"lead", "staff", "other_staff"}
"""Who decides about the people of `agency`: its lead and OPDC's staff."""
EVERYBODY = ("visitor", "stranger", "other_lead", "reporter", "former_lead", "lead", "staff", "other_staff")


@pytest.fixture
def other_lead(other_agency: Agency) -> User:
    return factories.make_member(other_agency, "lead")


@pytest.fixture
def former_lead(agency: Agency) -> User:
    user = factories.make_member(agency, "lead")
    user.memberships.all().delete()
    return user


def rows() -> tuple[Any, ...]:
    return (
        list(User.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        User.history.count(),
        Membership.history.count(),
    )


# --- members ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("person", EVERYBODY)
def test_a_lead_keeps_the_own_agencys_people_and_staff_everybodys(
    person: str, request: pytest.FixtureRequest, agency: Agency
) -> None:
    by = request.getfixturevalue(person)
    member = factories.make_member(agency).memberships.get()
    before = rows()
    assert people.may_keep(by, agency) == (person in KEEPERS)
    if person in KEEPERS:
        member = people.edit_member(member, by=by, version=member.version, role="lead")
        people.remove_member(member, by=by)
        added = people.add_member(agency, by=by, email="new@govlab.test", name="คนใหม่", role="reporter")
        assert (added.user.name, added.role) == ("คนใหม่", "reporter")
        return
    acts = [
        lambda: people.add_member(agency, by=by, email="new@govlab.test", name="คนใหม่", role="reporter"),
        lambda: people.edit_member(member, by=by, version=member.version, role="lead"),
        lambda: people.remove_member(member, by=by),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert rows() == before


def test_a_member_leaves_three_rows_of_history_with_who(agency: Agency, lead: User, staff: User) -> None:
    member = people.add_member(agency, by=lead, email="new@govlab.test", name="คนใหม่", role="reporter")
    member = people.edit_member(member, by=staff, version=member.version, role="lead")
    people.remove_member(member, by=lead)
    told = Membership.history.filter(user=member.user).order_by("history_id")
    assert list(told.values_list("history_type", "history_change_reason", "role", "history_user")) == [
        ("+", "add", "reporter", lead.pk),
        ("~", "edit", "lead", staff.pk),
        ("-", "remove", "lead", lead.pk),
    ]
    assert User.objects.filter(email="new@govlab.test").exists()  # what they wrote stays, and so do they


def test_a_person_works_for_an_agency_once(agency: Agency, lead: User, reporter: User) -> None:
    before = rows()
    with pytest.raises(ValidationError):
        people.add_member(agency, by=lead, email=reporter.email, name="", role="lead")
    assert rows() == before


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a\n@govlab.test"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "ก" * 151}, "name"),
        ({"role": "owner"}, "role"),
        ({"role": ""}, "role"),
    ],
)
def test_a_bad_answer_names_its_field_and_makes_nobody(
    answers: dict[str, str],
    field: str,
    agency: Agency,
    lead: User,
    mailoutbox: list[Any],
) -> None:
    before = rows()
    with pytest.raises(ValidationError) as refusal:
        people.add_member(
            agency, by=lead, **{"email": "new@govlab.test", "name": "คนใหม่", "role": "reporter", **answers}
        )
    assert set(refusal.value.message_dict) == {field}
    assert (rows(), outbox.send_due(), mailoutbox) == (before, 0, [])


def test_a_role_of_an_older_version_is_stale(agency: Agency, lead: User, staff: User, reporter: User) -> None:
    member = reporter.memberships.get()
    people.edit_member(member, by=staff, version=member.version, role="lead")
    with pytest.raises(Stale):
        people.edit_member(member, by=lead, version=member.version, role="reporter")
    assert reporter.memberships.get().role == "lead"


# --- the letter ------------------------------------------------------------------------------------------------------
def test_a_new_person_gets_one_letter_once_the_change_is_certain(
    agency: Agency, lead: User, mailoutbox: list[Any]
) -> None:
    member = people.add_member(agency, by=lead, email=" New@GovLab.test ", name="สมหญิง & ก", role="reporter")
    assert mailoutbox == []
    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    [letter] = mailoutbox
    assert letter.to == ["new@govlab.test"]
    assert (bool(letter.subject), "\n" in letter.subject, "&amp;" in letter.subject + letter.body) == (
        True,
        False,
        False,
    )
    assert "สมหญิง & ก" in letter.body
    assert (member.user.email, member.user.has_usable_password()) == ("new@govlab.test", False)


def test_a_known_person_gets_no_letter_and_keeps_name_and_password(
    agency: Agency, lead: User, stranger: User, mailoutbox: list[Any]
) -> None:
    name = stranger.name
    people.add_member(agency, by=lead, email=stranger.email.upper(), name="ชื่ออื่น", role="reporter")
    outbox.send_due()
    stranger.refresh_from_db()
    assert (stranger.name, stranger.check_password(factories.PASSWORD), mailoutbox) == (name, True, [])
    assert stranger.memberships.count() == 2


def test_a_new_member_of_staff_gets_one_too(staff: User, mailoutbox: list[Any]) -> None:
    made = people.add_staff(by=staff, email="new@govlab.test", name="คนใหม่")
    outbox.send_due()
    assert (made.is_staff, [letter.to for letter in mailoutbox]) == (True, [["new@govlab.test"]])


# --- staff -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("person", ["visitor", "stranger", "reporter", "lead"])
def test_only_staff_make_staff_and_keep_accounts(
    person: str, request: pytest.FixtureRequest, staff: User, agency: Agency
) -> None:
    by = request.getfixturevalue(person)
    other = factories.make_member(agency)
    before = rows()
    with pytest.raises(PermissionDenied):
        people.add_staff(by=by, email=other.email, name="")
    with pytest.raises(PermissionDenied):
        people.edit_person(other, by=by, version=0, name="ชื่อ", is_staff=True, is_active=True, leads_desk=False)
    assert rows() == before


def test_a_known_person_becomes_staff_and_stays_with_the_agency(staff: User, reporter: User) -> None:
    made = people.add_staff(by=staff, email=reporter.email, name="")
    assert (made.pk, made.is_staff, made.name, made.memberships.count()) == (reporter.pk, True, reporter.name, 1)


@pytest.mark.parametrize(("is_staff", "is_active"), [(False, True), (True, False), (False, False)])
def test_nobody_shuts_themselves_out_so_one_member_of_staff_is_always_left(
    is_staff: bool, is_active: bool, staff: User, other_staff: User
) -> None:
    answers = {"name": "ชื่อ", "is_staff": is_staff, "is_active": is_active, "leads_desk": False}
    before = rows()
    with pytest.raises(ValidationError):
        people.edit_person(staff, by=staff, version=staff.version, **answers)
    assert rows() == before
    shut = people.edit_person(other_staff, by=staff, version=other_staff.version, **answers)
    assert (shut.is_staff, shut.is_active) == (is_staff, is_active)
    with pytest.raises(PermissionDenied):  # and whoever is shut out does nothing from then on
        people.edit_person(staff, by=shut, version=staff.version, **answers)


def test_staff_edit_their_own_name(staff: User) -> None:
    answers = {"is_staff": True, "is_active": True, "leads_desk": False}
    edited = people.edit_person(staff, by=staff, version=staff.version, name="ชื่อใหม่", **answers)
    assert (edited.name, edited.history.first().history_change_reason) == ("ชื่อใหม่", "edit")


def test_an_account_of_an_older_version_is_stale(staff: User, other_staff: User, reporter: User) -> None:
    answers = {"is_staff": False, "is_active": True, "leads_desk": False, "version": reporter.version}
    people.edit_person(reporter, by=other_staff, name="ชื่อของเพื่อน", **answers)
    with pytest.raises(Stale):
        people.edit_person(reporter, by=staff, name="ชื่อของฉัน", **answers)
    assert User.objects.get(pk=reporter.pk).name == "ชื่อของเพื่อน"


def test_no_password_is_ever_in_the_history(staff: User, agency: Agency) -> None:
    people.add_member(agency, by=staff, email="new@govlab.test", name="คนใหม่", role="reporter")
    columns = {field.name for field in User.history.model._meta.get_fields()}
    assert (columns & {"password", "last_login"}, "email" in columns) == (set(), True)
