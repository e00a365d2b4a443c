"""Who decides that a lead reads first, and what follows for what reporters and leads send."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.access import lead_reads_first
from agencies.models import Agency, User
from agencies.rules.agencies import set_passing
from govlab.history import Stale
from tests.factories import make_member


@pytest.mark.parametrize(
    ("who", "may"), [("visitor", False), ("stranger", False), ("reporter", False), ("lead", True), ("staff", True)]
)
def test_a_lead_of_the_agency_or_staff_decides(request, agency: Agency, who: str, may: bool) -> None:
    person = request.getfixturevalue(who)
    if may:
        set_passing(agency, by=person, version=agency.version, lead_passes_on=True)
    else:
        with pytest.raises(PermissionDenied):
            set_passing(agency, by=person, version=agency.version, lead_passes_on=True)
    kept = Agency.objects.get(pk=agency.pk)
    assert (kept.lead_passes_on, kept.history.count()) == (may, 2 if may else 1)
    assert not may or kept.history.latest().history_user == person


def test_a_lead_of_another_agency_decides_nothing_here(agency: Agency, other_agency: Agency) -> None:
    with pytest.raises(PermissionDenied):
        set_passing(agency, by=make_member(other_agency, "lead"), version=agency.version, lead_passes_on=True)


def test_two_who_decide_at_once_do_not_overwrite_each_other(agency: Agency, lead: User) -> None:
    seen = agency.version
    set_passing(agency, by=lead, version=seen, lead_passes_on=True)
    with pytest.raises(Stale):
        set_passing(agency, by=lead, version=seen, lead_passes_on=False)


def test_a_lead_reads_first_only_where_there_is_one(agency: Agency, reporter: User) -> None:
    assert not lead_reads_first(reporter, agency)
    agency.lead_passes_on = True
    assert not lead_reads_first(reporter, agency)
    lead = make_member(agency, "lead")
    assert (lead_reads_first(reporter, agency), lead_reads_first(lead, agency)) == (True, False)
    lead.is_active = False
    lead.save()
    assert not lead_reads_first(reporter, agency)
