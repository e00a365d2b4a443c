"""What a closed round kept of every project, as a table, and what changed between two rounds."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from govlab.thai import format_date, known_language
from projects.desk.rounds import RoundDoor
from projects.exchange.small_lists import kept_list
from projects.exchange.taking import take
from projects.models import DueState, PublishState, Round, Stage, StageNumber, StageState
from projects.models.stages import standing as standing_in_words

DAYS = ("planned_start", "planned_end", "actual_start", "actual_end")
Told = dict[tuple[str, ...], tuple[str, str]]
"""What a standing says: a key, what it is called, and its value as people read it."""


def _own(kept: dict[str, Any], name: str) -> str:
    """The text in the active language where there is one."""
    first, second = ("en", "th") if known_language() == "en" else ("th", "en")
    return str(kept[f"{name}_{first}"] or kept[f"{name}_{second}"])


def _day(text: str | None) -> str:
    return format_date(date.fromisoformat(text)) if text else ""


def _states(kept: dict[str, Any]) -> list[str]:
    return [stage["state"] for stage in kept["stages"]]


def _measured(reading: dict[str, Any]) -> str:
    if reading["value"] is None:
        return _("Not available: %(reason)s") % {"reason": reading["unavailable"]}
    return f"{reading['value']} {_own(reading, 'unit')}"


def _due(due: dict[str, Any] | None) -> str:
    """The due report in words: its state, and how late it is."""
    if due is None:
        return _("Not asked")
    state, late = str(DueState(due["state"]).label), due["days_late"]
    if not late:
        return state
    said = ngettext("%(n)d day late", "%(n)d days late", late) % {"n": late}
    return f"{state} · {said}"


def told(kept: dict[str, Any]) -> Told:
    """Everything that a standing says, to be compared with another of the same project."""
    said: Told = {
        ("title",): (_("Project"), _own(kept, "title")),
        ("state",): (_("Visibility"), str(PublishState(kept["state"]).label)),
    }
    names = {name: str(Stage._meta.get_field(name).verbose_name) for name in DAYS}  # type: ignore[union-attr]
    for stage in kept["stages"]:
        label = f"{stage['number']}. {StageNumber(stage['number']).label}"
        said["stage", str(stage["number"])] = (label, str(StageState(stage["state"]).label))
        for name in DAYS:
            said["stage", str(stage["number"]), name] = (f"{label}: {names[name]}", _day(stage[name]))
    update = kept["update"]
    said["update",] = (
        _("Last approved update"),
        f"{update['title']} ({_day(update['happened_on'])})" if update else "",
    )
    for reading in kept["readings"]:
        said["reading", str(reading["indicator"])] = (_own(reading, "name"), _measured(reading))
    said["due",] = (_("Due report"), _due(kept["due"]))
    return said


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
    """Where two standings of a project differ: what it is called, and both values."""
    old, new = told(before), told(after)
    rows = []
    for key in {**old, **new}:
        label = (new.get(key) or old[key])[0]
        values = [said[key][1] if key in said else "" for said in (old, new)]
        if values[0] != values[1]:
            rows.append({"label": label, "before": values[0], "after": values[1]})
    return rows


@dataclass(frozen=True)
class Row:
    """A project in the table of a closed round."""

    code: str
    title: str
    states: list[str]
    standing: str
    update: str
    happened_on: str
    readings: list[tuple[str, str]]
    due: str
    late: bool


def row(kept: dict[str, Any]) -> Row:
    """A standing as the table shows it."""
    update = kept["update"] or {"title": "", "happened_on": None}
    return Row(
        code=kept["code"],
        title=_own(kept, "title"),
        states=_states(kept),
        standing=standing_in_words(_states(kept)),
        update=update["title"],
        happened_on=_day(update["happened_on"]),
        readings=[(_own(each, "name"), _measured(each)) for each in kept["readings"]],
        due=_due(kept["due"]),
        late=bool(kept["due"] and kept["due"]["days_late"]),
    )


class WithForm(forms.Form):
    """Which other round to compare with."""

    def __init__(self, *args: Any, others: list[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No other round")), *((str(each.pk), str(each)) for each in others)]
        self.fields["with"] = forms.ChoiceField(label=_("Compare with"), required=False, choices=choices)


class RoundStanding(RoundDoor):
    """How every project stood when the round closed; `?with=` another closed round of the cohort: what changed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The table, or what is different."""
        round_ = self.found()
        if not round_.closed_at:
            raise Http404
        closed = round_.schedule.rounds.exclude(closed_at=None).exclude(pk=pk).select_related("schedule__cohort")
        others = {str(each.pk): each for each in closed}
        form = WithForm(request.GET, others=list(others.values()))
        other = others.get(form.cleaned_data["with"]) if form.is_valid() else None
        title = _("How every project stood")
        context: dict[str, Any] = {
            "round": round_,
            "title": title,
            "form": form,
            "others": others,
            "crumbs": self.crumbs(title),
        }
        kept = _kept(round_)
        if other:
            first, last = sorted((round_, other), key=lambda each: each.period_end)
            before, after = (kept, _kept(other)) if first == round_ else (_kept(other), kept)
            context |= {"first": first, "last": last, **_compared(before, after)}
        else:
            rows = [row(each) for each in kept.values()]
            if file := take(request, kept_list(), lambda: rows):
                return file
            context["rows"] = rows
        return render(request, "desk/rounds/standing.html", context)


def _kept(round_: Round) -> dict[int, dict[str, Any]]:
    """What the round kept, by project."""
    return dict(round_.snapshots.order_by("project__code").values_list("project", "standing"))


def _compared(before: dict[int, Any], after: dict[int, Any]) -> dict[str, Any]:
    """The projects that differ, each with its differences; those that are the same; those in one round only."""
    differ, same, one = [], [], []
    for key, kept in {**before, **after}.items():
        name = f"{kept['code']} {_own(kept, 'title')}"
        if key not in before or key not in after:
            one.append(name)
        elif rows := differences(before[key], after[key]):
            differ.append((name, rows))
        else:
            same.append(name)
    return {"differ": sorted(differ), "same": sorted(same), "one": sorted(one)}
