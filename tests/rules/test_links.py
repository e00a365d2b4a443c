"""Links to one report: who makes and takes them back, for how long they open, and what comes by them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import Signer
from django.utils import timezone

from govlab.history import Gone, Stale
from projects.models import ProgressUpdate, ReportLink
from projects.rules import links, reviews, updates
from tests import factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def update(reporter, project):
    return factories.make_update(reporter, project)


@pytest.fixture
def link(update, reporter):
    return links.make(update, by=reporter, name="คุณดวงใจ", ends_on=TODAY, now=NOW)


def opens(link, now=NOW):
    return links.opened_by(links.token_of(link), now) == link


# --- make ------------------------------------------------------------------------------------------------------------
def test_people_of_the_agency_make_links_and_nobody_else(update, reporter, lead, stranger, staff, other_agency):
    for person in (reporter, lead):
        assert links.make(update, by=person, name=" คุณดวงใจ ", ends_on=TODAY, now=NOW).name == "คุณดวงใจ"
    for person in (stranger, staff):
        with pytest.raises(PermissionDenied):
            links.make(update, by=person, name="คุณดวงใจ", ends_on=TODAY, now=NOW)
    assert list(ReportLink.objects.values_list("made_by", flat=True).order_by("pk")) == [reporter.pk, lead.pk]


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved"])
def test_a_link_is_made_only_while_the_agency_may_write(state, reporter, staff, project):
    update = factories.make_update(reporter, project, state, staff)
    if state in ("draft", "returned"):
        assert links.make(update, by=reporter, name="ก", ends_on=TODAY, now=NOW).update == update
    else:
        with pytest.raises(ValidationError):
            links.make(update, by=reporter, name="ก", ends_on=TODAY, now=NOW)


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_link_ends_within_sixty_days(days, good, update, reporter):
    ends_on = TODAY + dt.timedelta(days=days)
    if good:
        assert links.make(update, by=reporter, name="ก", ends_on=ends_on, now=NOW).ends_on == ends_on
    else:
        with pytest.raises(ValidationError) as refusal:
            links.make(update, by=reporter, name="ก", ends_on=ends_on, now=NOW)
        assert set(refusal.value.message_dict) == {"ends_on"}


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_a_link_is_for_somebody_with_a_name(name, update, reporter):
    with pytest.raises(ValidationError) as refusal:
        links.make(update, by=reporter, name=name, ends_on=TODAY, now=NOW)
    assert set(refusal.value.message_dict) == {"name"}


def test_a_report_has_at_most_five_valid_links(update, reporter):
    made = [links.make(update, by=reporter, name="ก", ends_on=TODAY, now=NOW) for _n in range(links.MOST)]
    with pytest.raises(ValidationError):
        links.make(update, by=reporter, name="ข", ends_on=TODAY, now=NOW)
    links.revoke(made[0], by=reporter)
    assert links.make(update, by=reporter, name="ข", ends_on=TODAY, now=NOW).pk


# --- what opens ------------------------------------------------------------------------------------------------------
def test_a_link_opens_until_the_end_of_its_day_in_bangkok(link):
    last = dt.datetime(2026, 3, 2, 16, 59, tzinfo=dt.UTC)
    assert (opens(link), opens(link, last), opens(link, last + dt.timedelta(minutes=1))) == (True, True, False)


def test_a_link_that_was_taken_back_or_whose_maker_is_gone_opens_nothing(update, reporter, agency, lead):
    taken, of_inactive, of_left = (
        links.make(update, by=person, name="ก", ends_on=TODAY, now=NOW)
        for person in (reporter, lead, factories.make_member(agency))
    )
    links.revoke(taken, by=lead)
    lead.is_active = False
    lead.save()
    of_left.made_by.memberships.all().delete()
    assert [opens(link) for link in (taken, of_inactive, of_left)] == [False] * 3


def test_a_token_of_ones_own_making_opens_nothing(link):
    good = links.token_of(link)
    other = Signer(salt="somewhere else").sign_object(link.pk)
    for token in (other, good[:-1], good + "x", f"{link.pk}", "", "ก", ":", f"x{good}"):
        assert links.opened_by(token, NOW) is None
    assert links.opened_by(good, NOW) == link


# --- fill ------------------------------------------------------------------------------------------------------------
def test_what_comes_by_a_link_is_kept_in_the_name_of_its_maker_and_says_who_filled_it(link, update, reporter):
    filled = links.fill(link, version=update.version, now=NOW, title="เขียนผ่านลิงก์")
    row = filled.history.first()
    assert (filled.state, filled.title, filled.filled_by) == ("draft", "เขียนผ่านลิงก์", "คุณดวงใจ")
    assert (row.history_change_reason, row.history_user, row.filled_by) == ("fill", reporter, "คุณดวงใจ")
    link.refresh_from_db()
    assert (link.last_used_at, link.history.first().history_change_reason) == (NOW, "fill")
    again = updates.edit(filled, by=reporter, version=filled.version, title="ทวนแล้ว")
    assert again.filled_by == ""  # the last to write it was somebody with an account


def test_whoever_made_the_link_cannot_approve_what_came_by_it(update, agency, lead, staff, other_staff):
    factories.Membership.objects.create(user=staff, agency=agency)
    link = links.make(update, by=staff, name="ก", ends_on=TODAY, now=NOW)
    filled = links.fill(link, version=update.version, now=NOW, title="ก")
    assert updates.submit(filled, by=lead, now=timezone.now()).approvers == [other_staff.pk]


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_nothing_comes_by_a_link_once_the_report_is_sent(state, link, update, reporter, staff):
    sent = updates.submit(update, by=reporter)
    if state == "approved":
        sent = reviews.approve(sent, by=staff)
    link.update.refresh_from_db()
    with pytest.raises(ValidationError):
        links.fill(link, version=sent.version, now=NOW, title="ช้าไป")
    assert ProgressUpdate.objects.get().title == update.title


def test_a_stale_save_by_a_link_overwrites_nothing(link, update, reporter):
    updates.edit(update, by=reporter, version=update.version, title="ของหน่วยงาน")
    with pytest.raises(Stale):
        links.fill(link, version=update.version, now=NOW, title="ของผู้ร่วมงาน")
    assert ProgressUpdate.objects.get().title == "ของหน่วยงาน"


def test_a_link_that_ended_while_somebody_typed_keeps_nothing(link, update, reporter):
    with pytest.raises(Gone):
        links.fill(link, version=update.version, now=NOW + dt.timedelta(days=1), title="ก")
    links.revoke(link, by=reporter)
    with pytest.raises(Gone):
        links.fill(link, version=update.version, now=NOW, title="ก")
    assert (ProgressUpdate.objects.get().title, update.history.count()) == (update.title, 1)


@pytest.mark.parametrize("answer", [{"agency": 1}, {"state": "submitted"}, {"approvers": [1]}, {"author": None}])
def test_a_link_writes_only_what_a_report_asks(answer, link, update):
    with pytest.raises(TypeError):
        links.fill(link, version=update.version, now=NOW, **answer)


# --- revoke and who sees them ----------------------------------------------------------------------------------------
def test_people_of_the_agency_take_links_back_once(link, lead, stranger, staff):
    for person in (stranger, staff):
        with pytest.raises(PermissionDenied):
            links.revoke(link, by=person)
    assert links.revoke(link, by=lead, now=NOW).revoked_at == NOW
    assert links.revoke(link, by=lead).revoked_at == NOW
    assert link.history.count() == 2


def test_links_are_seen_by_the_people_of_the_agency_alone(link, reporter, lead, stranger, staff, visitor):
    seen = [ReportLink.objects.visible_to(person).count() for person in (reporter, lead, stranger, staff, visitor)]
    assert seen == [1, 1, 0, 0, 0]
