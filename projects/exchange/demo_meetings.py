"""The committee of the demonstration: its meetings, and what became of the work that it asked for, day by day."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from django.utils import timezone

from agencies.models import Agency, User
from projects.models import (
    AgendaItem,
    Assignment,
    ItemKind,
    Meeting,
    MeetingSeries,
    Resolution,
    SeriesMember,
)
from projects.rules import assignments, attendance, decisions, meetings, phases, publishing, series

VERBS: dict[str, Callable[..., Any]] = {
    "answer": assignments.answer,
    "ask_time": assignments.ask_time,
    "contest": assignments.contest,
    "accept": decisions.accept,
    "send_back": decisions.send_back,
    "extend": decisions.extend,
    "close": decisions.close,
}
BEFORE = dt.timedelta(days=10)
"""How long before a meeting it is prepared; it is invited to a day later."""

Act = tuple[dt.datetime, Callable[[], Any]]


def load(entry: dict[str, Any], agencies: dict[str, Agency], desk: User, now: dt.datetime) -> None:
    """Brings the committee in; each act on its day, in the order of days, so that every rule finds what it expects."""
    body = series.add(by=desk, **entry["series"])
    for member in entry["members"]:
        agency = agencies[member["agency"]] if "agency" in member else None
        series.add_part(SeriesMember, by=desk, series=body, **{**member, "agency": agency})
    committee = Committee(body, agencies, desk, now)
    acts = [act for each in entry["meetings"] for act in committee.acts({**each, **entry["place"], **entry["minutes"]})]
    for when, act in sorted(acts, key=itemgetter(0)):
        if when <= now:
            act()


@dataclass(frozen=True)
class Committee:
    """What every act needs; `now` is the day that relative days count from."""

    body: MeetingSeries
    agencies: dict[str, Agency]
    desk: User
    now: dt.datetime

    def on(self, day: str) -> dt.datetime:
        """The moment of a relative day."""
        return self.now + dt.timedelta(days=int(day))

    def date(self, day: str) -> dt.date:
        """The relative day itself."""
        return timezone.localdate(self.on(day))

    def meeting(self, day: str) -> Meeting:
        """The meeting on a relative day."""
        return Meeting.objects.get(series=self.body, starts_on=self.date(day))

    def acts(self, entry: dict[str, Any]) -> Iterator[Act]:
        """All that happens with one meeting and with what it asks."""
        day = self.on(entry["day"])
        made = min(day - BEFORE, self.now - dt.timedelta(days=2))
        yield made, partial(self.prepare, entry, made)
        yield made + dt.timedelta(days=1), partial(self.go_on, phases.invite, entry["day"], made + dt.timedelta(days=1))
        if "came" in entry:
            yield day, partial(self.hold, entry, day)
            written = day + dt.timedelta(days=3)
            yield written, partial(self.go_on, phases.finish, entry["day"], written)
        if "adopted" in entry:
            yield self.on(entry["adopted"]) + dt.timedelta(days=1), partial(self.adopt, entry)
        for asked in [asked for item in entry["items"] for asked in item.get("asks", [])]:
            for verb, who, when, answers in asked["steps"]:
                yield (
                    self.on(when),
                    partial(self.step, verb, who, self.on(when), answers | {"text_th": asked["text_th"]}),
                )

    def prepare(self, entry: dict[str, Any], made: dt.datetime) -> None:
        """Adds the meeting with its agenda."""
        began, ended = (dt.time.fromisoformat(time) for time in entry["times"])
        names = ("place_th", "place_en", "minutes_by", "minutes_by_role", "checked_by", "checked_by_role")
        answers = {name: entry[name] for name in names} | {"starts_at": began, "ends_at": ended}
        day = self.date(entry["day"])
        meeting = meetings.add(by=self.desk, now=made, prefill=True, series=self.body, starts_on=day, **answers)
        under = meeting.agenda.get(kind=ItemKind.CONSIDERED)
        for item in entry["items"]:
            titles = {name: item[name] for name in ("title_th", "title_en")}
            meetings.add_part(AgendaItem, by=self.desk, meeting=meeting, now=made, parent=under, **titles)

    def go_on(self, act: Callable[..., Any], day: str, when: dt.datetime) -> None:
        """One step of the meeting that asks nothing."""
        act(self.meeting(day), by=self.desk, now=when)

    def hold(self, entry: dict[str, Any], day: dt.datetime) -> None:
        """The meeting takes place: who came, what was said, resolved and asked."""
        held = phases.hold(self.meeting(entry["day"]), by=self.desk, now=day)
        came = zip(held.people.order_by("position"), entry["came"], strict=True)
        attendance.mark(held, by=self.desk, presences={person.pk: presence for person, presence in came})
        began, ended = (dt.time.fromisoformat(time) for time in entry["times"])
        times: dict[str, Any] = {"series": self.body, "began_at": began, "ended_at": ended}
        held = meetings.edit(held, by=self.desk, version=held.version, now=day, **times)
        for written in entry["items"]:
            item = held.agenda.get(title_th=written["title_th"])
            meetings.edit_part(item, by=self.desk, version=item.version, now=day, discussion=written["discussion"])
            place: dict[str, Any] = {"meeting": held, "by": self.desk, "now": day}
            texts = {name: written[name] for name in ("text_th", "text_en")}
            decided = meetings.add_part(Resolution, item=item, **place, **texts)
            for asked in written["asks"]:
                answers: dict[str, Any] = {
                    "agency": self.agencies[asked["agency"]],
                    "due_on": self.date(asked["due_on"]),
                }
                answers |= {name: asked[name] for name in ("text_th", "text_en")}
                meetings.add_part(Assignment, resolution=decided, **place, **answers)

    def adopt(self, entry: dict[str, Any]) -> None:
        """A later meeting adopts the minutes, and everybody may read them."""
        when = self.on(entry["adopted"]) + dt.timedelta(days=1)
        later = self.meeting(entry["adopted"])
        adopted = phases.adopt(self.meeting(entry["day"]), by=self.desk, adopted_in=later, now=when)
        publishing.publish(adopted, by=self.desk)

    def step(self, verb: str, who: str, when: dt.datetime, answers: dict[str, Any]) -> None:
        """What an agency or staff did about one assignment, which `text_th` names."""
        answers = dict(answers)
        asked = Assignment.objects.get(meeting__series=self.body, text_th=answers.pop("text_th"))
        for name in {"due_on", "wanted_on"} & answers.keys():
            answers[name] = self.date(answers[name])
        if "at" in answers:
            answers["meeting"] = self.meeting(answers.pop("at"))
        act: Any = VERBS[verb]
        act(asked, by=self.desk if who == "desk" else User.objects.get(email=f"{who}@govlab.test"), now=when, **answers)
