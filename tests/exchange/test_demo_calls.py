"""The calls of the demonstration: something at each point of the way, marked, and taken out whole."""

from typing import Any

import pytest
from django.utils import timezone

from agencies.models import User
from projects.exchange import facts
from projects.models import Call, Contact, Moderation, Theme, Voice
from projects.rules import demo as rules
from projects.rules import voices
from tests.exchange.conftest import NOW

pytestmark = pytest.mark.django_db


def test_one_call_is_open_and_one_has_ended_with_its_themes_answered(with_demo: None) -> None:
    today = timezone.localdate(NOW)
    told = {}
    for call in Call.objects.public():
        states = [call.voices.filter(state=state).count() for state in Moderation.values]
        told[call.project.code] = (call.is_open(today), states, call.themes.filter(shown=True).count())
    assert told == {"GL2562-1": (True, [2, 2, 1], 0), "GL2562-3": (False, [1, 7, 2], 3)}
    assert Contact.objects.count() == 1
    changed = Theme.objects.get(outcome="changed")
    assert changed.update is not None and changed.update.project.code == "GL2562-3"
    assert not any(kind.objects.filter(demo=False).exists() for kind in (Call, Voice, Theme))
    assert not Voice.objects.filter(created_at__gt=NOW).exists()


def test_what_a_visitor_answered_to_it_goes_with_it(with_demo: None, staff: User, django_user_model: Any) -> None:
    call = Call.objects.get(project__code="GL2562-1")
    voices.answer(call, text="ลองตอบ", standpoint="user", contact="081", now=NOW)
    rules.remove(by=facts.robot())
    assert [kind.objects.count() for kind in (Call, Voice, Theme, Contact)] == [0, 0, 0, 0]
