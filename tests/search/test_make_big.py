"""Filling a database for measuring: how much, found at once, and never over what people wrote."""

import pytest
from django.core.management import CommandError, call_command

from govlab.models import SearchEntry
from projects.exchange.big import Grammar
from projects.models import Project, Stage
from projects.search import search
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_makes_projects_with_their_parts_all_marked_and_found(visitor):
    call_command("make_big", projects=30)
    rows = Project.objects.all()
    assert (rows.count(), rows.filter(demo=True).count(), Stage.objects.count()) == (30, 30, 120)
    assert len({row.title_th for row in rows}) > 25
    first = rows.order_by("pk").first()
    assert search(visitor, first.title_th)[0].id == first.code
    assert SearchEntry.objects.filter(kind="project").count() == 30


def test_the_same_seed_gives_the_same_texts():
    assert Grammar(7).title() == Grammar(7).title() != Grammar(8).title()


@pytest.mark.parametrize("number", [0, -1, 200_000])
def test_a_number_that_has_no_codes_is_refused(number):
    with pytest.raises(CommandError, match="136,863"):
        call_command("make_big", projects=number)


def test_what_people_wrote_is_not_mixed_in_silence(staff):
    factories.make_project(staff)
    with pytest.raises(CommandError, match="--yes"):
        call_command("make_big", projects=3)
    call_command("make_big", projects=3, yes=True)
    assert Project.objects.filter(demo=True).count() == 3
    with pytest.raises(CommandError, match="filled before"):
        call_command("make_big", projects=3, yes=True)
