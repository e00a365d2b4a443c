"""What an update measured: for each indicator a number, or why there is none; an unusual number is asked about once.

A draft is never asked. When the update is sent, each number that goes against what its indicator expects, or is ten
times the last approved one or a tenth of it, must be confirmed; a number that is changed later is asked about again.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import require_desk
from agencies.models import User
from govlab.history import drop, hold, keep
from govlab.thai import normalise, pick
from projects.models import Counting, Direction, Indicator, ProgressUpdate, Reading, UpdateState
from projects.models.indicators import number_text

FAR = 10
"""How many times the last value a number is, or what part of it, before it is asked about."""

BOTH: Any = gettext_lazy("Give either the number or the reason why there is none, not both.")
NO_REASON: Any = gettext_lazy("Say in a few words why there is no number.")
NAMED: Any = gettext_lazy("%(name)s: %(said)s")
QUESTIONS: dict[str, Any] = {
    "more": gettext_lazy("%(value)s %(unit)s is ten times the last value or more (%(before)s %(unit)s)."),
    "less": gettext_lazy("%(value)s %(unit)s is a tenth of the last value or less (%(before)s %(unit)s)."),
    "fell": gettext_lazy(
        "%(value)s %(unit)s is less than the last value (%(before)s %(unit)s), "
        "although each number counts everything so far."
    ),
    Direction.UP: gettext_lazy(
        "%(value)s %(unit)s is less than the last value (%(before)s %(unit)s), although more is better."
    ),
    Direction.DOWN: gettext_lazy(
        "%(value)s %(unit)s is more than the last value (%(before)s %(unit)s), although less is better."
    ),
}
"""What is unusual about a number, in words; the last value is the approved one."""
ASKED: Any = gettext_lazy("%(doubt)s Is this number right?")


class Measure(NamedTuple):
    """The answer for one indicator: a number, or the reason why there is none; neither takes the reading out.

    `sure` says whether the person was asked about the number and found it right; None leaves that as it stands.
    """

    value: Decimal | None = None
    unavailable: str = ""
    sure: bool | None = None


def write(update: ProgressUpdate, verb: str, measured: Mapping[Indicator, Measure] | None, *, by: User) -> None:
    """Puts the answers into an update that is held. Called by `rules.updates`."""
    for indicator, answer in (measured or {}).items():
        if indicator.project_id != update.project_id:
            raise ValidationError(_("This indicator belongs to another project."))
        _write(update, verb, indicator, answer, by)


def _write(update: ProgressUpdate, verb: str, indicator: Indicator, answer: Measure, by: User) -> None:
    """One answer; a number that changes loses its confirmation."""
    value, reason = answer.value, answer.unavailable.strip()
    value = Decimal(0) if value == 0 else value  # a typed -0 too
    known = Reading.objects.filter(update=update, indicator=indicator).first()
    if value is not None and reason:
        raise _refused(indicator, BOTH, "both")
    if reason and not any(map(str.isalpha, normalise(reason))):
        raise _refused(indicator, NO_REASON, "reason")
    if value is None and not reason:
        if known:
            drop(known, verb, by=by)
        return
    same = known is not None and (known.value, known.unavailable) == (value, reason)
    stands = known is not None and known.confirmed and same
    confirmed = value is not None and (stands if answer.sure is None else answer.sure)
    if known is None or not same or known.confirmed != confirmed:
        row = known or Reading(update=update, indicator=indicator, demo=update.demo)
        try:
            keep(row, verb, by=by, value=value, unavailable=reason, confirmed=confirmed)
        except ValidationError as error:
            raise _refused(indicator, " ".join(error.messages), "invalid") from error


def _said(indicator: Indicator, said: Any, code: str) -> ValidationError:
    """A sentence about one reading: it names its indicator, in words and (in `params`) by its number."""
    params = {"indicator": indicator.pk, "name": str(indicator), "said": said}
    return ValidationError(NAMED, code=code, params=params)


def _refused(indicator: Indicator, said: Any, code: str) -> ValidationError:
    """A refusal at `readings`."""
    return ValidationError({"readings": [_said(indicator, said, code)]})


def last_approved(update: ProgressUpdate, person: Any) -> dict[int, Reading]:
    """By indicator, the last approved number up to the update's day that this person may see; not its own."""
    rows = Reading.objects.visible_to(person).approved().measured().filter(indicator__project=update.project_id)
    if update.happened_on:
        rows = rows.filter(update__happened_on__lte=update.happened_on)
    return {row.indicator_id: row for row in rows.exclude(update=update.pk).select_related("update")}


def doubt(indicator: Indicator, value: Decimal | None, before: Decimal | None) -> str:
    """What is unusual about a number after the last approved one, in a sentence; "" when nothing is.

    A number that counts everything so far never falls; one that stands for its period should not get worse. Zero is
    no tenth: complaints do come to none.
    """
    if value is None or before is None:
        return ""
    found: Any = None
    if before and abs(value) >= FAR * abs(before):
        found = "more"
    elif value and FAR * abs(value) <= abs(before):
        found = "less"
    elif indicator.counting == Counting.CUMULATIVE:
        found = "fell" if value < before else None
    elif (value < before) if indicator.direction == Direction.UP else (value > before):
        found = indicator.direction
    if found is None:
        return ""
    return str(QUESTIONS[found]) % {
        "value": number_text(value),
        "before": number_text(before),
        "unit": pick(indicator, "unit"),
    }


def doubts(update: ProgressUpdate, person: Any) -> dict[int, str]:
    """By indicator, what is unusual about the update's numbers, confirmed or not."""
    rows = list(update.readings.measured().select_related("indicator"))
    last = last_approved(update, person) if rows else {}
    found = {row.indicator_id: doubt(row.indicator, row.value, last_value(last, row)) for row in rows}
    return {indicator: sentence for indicator, sentence in found.items() if sentence}


def last_value(last: dict[int, Reading], reading: Reading) -> Decimal | None:
    """What `last_approved` found for the indicator of a reading."""
    return last[reading.indicator_id].value if reading.indicator_id in last else None


def unsure(update: ProgressUpdate, *, by: User) -> dict[str, Any]:
    """What stands in the way of sending: at `readings`, the question for each unusual number not yet confirmed."""
    found = doubts(update, by)
    rows = update.readings.filter(indicator__in=found, confirmed=False).select_related("indicator")
    asked = [
        _said(row.indicator, str(ASKED) % {"doubt": found[row.indicator_id]}, "doubt")
        for row in rows.order_by("indicator_id")
    ]
    return {"readings": asked} if asked else {}


# --- numbers from documents ------------------------------------------------------------------------------------------
@transaction.atomic
def enter(update: ProgressUpdate, *, by: User, indicator: Indicator, value: Decimal) -> Reading:
    """Staff write down a number that documents give for the day of an approved report; what is there stays.

    Raises ValidationError when the report is not approved or has a number, or a reason for none, already.
    """
    require_desk(by)
    held = hold(update)
    if held.state != UpdateState.APPROVED:
        raise ValidationError(_("A number belongs to an approved report. This one is not approved."))
    if Reading.objects.filter(update=held, indicator=indicator).exists():
        raise ValidationError({"value": _("The agency reported this itself. Ask it to report again.")})
    write(held, "enter", {indicator: Measure(value)}, by=by)
    return Reading.objects.get(update=held, indicator=indicator)


@transaction.atomic
def strike(reading: Reading, *, by: User) -> None:
    """Staff take out a number that staff entered; one that an agency reported stays."""
    require_desk(by)
    held = hold(reading)
    if held.history.earliest().history_change_reason != "enter":
        raise ValidationError(_("The agency reported this itself. Ask it to report again."))
    drop(held, "strike", by=by)
