"""The history on the desk of what visitors send: who did it, in which words, and what can be put back."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import User
from agencies.rules import records
from projects.models import Call, Project, Synonyms
from projects.rules import calls, proposals, ratings, themes, voices
from tests import factories

pytestmark = pytest.mark.django_db


def listed(client: Any, kind: str) -> list[tuple[str, str]]:
    page = client.get("/en" + reverse("desk:history"), {"kind": kind})
    return [(row["verb"], str(row["who"] or row["nobody"])) for row in page.context["rows"]]


def put_back(client: Any, kind: str, thing: Any, place: int = 0) -> Any:
    """The state of the history row at this place, the oldest being 0."""
    thing.refresh_from_db()
    entry = thing.history.order_by("history_id")[place]
    url = reverse("desk:history-put-back", kwargs={"kind": kind, "pk": thing.pk, "entry": entry.pk})
    assert url in client.get(reverse("desk:history-record", args=[kind, thing.pk])).text
    client.post(url, {"version": thing.version})
    thing.refresh_from_db()
    return thing


@pytest.fixture
def call(staff: User, project: Project) -> Call:
    return factories.make_call(staff, project)


def test_what_visitors_do_is_theirs_and_each_decision_has_its_own_word(
    sign_in: Any, staff: User, project: Project, call: Call
) -> None:
    voice = factories.make_voice(call)
    voices.wait(voices.withhold(voice, by=staff, reason="abuse"), by=staff)
    voices.show(voice, by=staff)
    rating = ratings.rate(project, visitor="a", stars=1, comment="แย่")
    ratings.take_out(rating, by=staff, reason="ก่อกวน")
    proposals.decline(proposals.propose(title="ตู้ยา", about="ดี"), by=staff, reason="ซ้ำ")
    client, who = sign_in(staff), staff.name
    assert {kind: listed(client, kind) for kind in ("voice", "rating", "proposal")} == {
        "voice": [("Shown", who), ("Let wait again", who), ("Withheld", who), ("Answered", "A visitor")],
        "rating": [("Taken out", who), ("Rated", "A visitor")],
        "proposal": [("Not taken", who), ("Proposed", "A visitor")],
    }
    record = client.get("/en" + reverse("desk:history-record", args=["voice", voice.pk]))
    assert [step["nobody"] for step in record.context["steps"]] == [*["The system"] * 3, "A visitor"]


def test_an_earlier_state_of_words_a_theme_and_a_call_is_put_back(sign_in: Any, staff: User, call: Call) -> None:
    client = sign_in(staff)
    words = records.add(Synonyms, by=staff, words="ไกด์\nมัคคุเทศก์")
    words = records.edit(words, by=staff, version=words.version, words="ไกด์\nguide")
    assert put_back(client, "synonyms", words).words == "ไกด์\nมัคคุเทศก์"

    theme = themes.add(call, by=staff, title_th="รอนาน")
    theme = themes.answer(theme, by=staff, version=theme.version, answer_th="เพิ่มช่อง", outcome="changed")
    theme = themes.answer(theme, by=staff, version=theme.version, answer_th="ผิด", outcome="not")
    back = put_back(client, "theme", theme, 1)
    assert (back.answer_th, back.outcome, back.title_th) == ("เพิ่มช่อง", "changed", "รอนาน")

    asked = calls.edit(call, by=staff, version=call.version, about_th="ใหม่")
    assert (put_back(client, "call", asked).about_th, call.history.latest().history_change_reason) == ("", "put_back")


def test_what_people_were_told_is_not_put_back(sign_in: Any, staff: User, call: Call) -> None:
    told = call.closes_on
    later = calls.extend(call, by=staff, closes_on=told + timedelta(days=30))
    assert put_back(sign_in(staff), "call", later).closes_on == later.closes_on
