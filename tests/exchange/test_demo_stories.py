"""The stories and ratings of the demonstration: they fill two pages, say that they are invented, and go whole."""

import pytest

from projects.exchange import facts
from projects.models import Evidence, Project, Rater, Rating
from projects.models.projects import STORY
from projects.rules import demo as rules
from tests.exchange.conftest import NOW

pytestmark = pytest.mark.django_db


def told() -> dict[str, int]:
    """How many texts of its story each project has."""
    counts = {row.code: sum(bool(getattr(row, name)) for name in STORY) for row in Project.objects.order_by("code")}
    return {code: count for code, count in counts.items() if count}


def test_two_projects_are_told_and_rated_and_nothing_of_it_stays(with_demo: None) -> None:
    assert told() == {"GL2561-1": 10, "GL2562-3": 8}
    texts = [getattr(row, name) for row in Project.objects.filter(code__in=told()) for name in STORY]
    assert all(text.endswith(("(ข้อมูลสาธิต)", "(demonstration).")) for text in texts if text)

    rated = {code: Rating.objects.filter(project__code=code) for code in ("GL2561-1", "GL2562-3")}
    assert {code: (rows.count(), rows.visible_to(None).count()) for code, rows in rated.items()} == {
        "GL2561-1": (3, 2),
        "GL2562-3": (6, 3),
    }
    assert Rating.objects.waiting().count() == 1
    assert not Rating.objects.exclude(demo=True, created_at__lt=NOW).exists()
    assert any(file.is_picture for file in Evidence.objects.filter(update__project__code="GL2562-3", released=True))

    rules.remove(by=facts.robot())
    assert (told(), Rating.objects.count(), Rater.objects.count()) == ({}, 0, 0)
