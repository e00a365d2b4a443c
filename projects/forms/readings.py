"""Measured values as people type and read them: a number, or why there is none, and the answer to "is this right?"."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from govlab.thai import arabic_digits
from projects.models import ProgressUpdate, Reading
from projects.models.indicators import number_text
from projects.rules.readings import BOTH, Measure, doubt, last_approved, last_value

# A comma only between groups of three, so that 1,5 is asked about instead of read as 15.
NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)


def measure_text(answer: Any) -> str:
    """A reading or an answer as people read it: its number, or that there is none and why; "" for nothing."""
    if answer is None or not (answer.unavailable or answer.value is not None):
        return ""
    if answer.value is None:
        return gettext("Not available: %(reason)s") % {"reason": answer.unavailable}
    return number_text(answer.value)


def measured(update: ProgressUpdate, person: Any) -> list[dict[str, Any]]:
    """The update's readings, each beside the one that was approved before it and that the person may see.

    `doubt` says what is unusual about a number; the agency has confirmed it, or is asked when it sends the update.
    """
    readings = list(update.readings.select_related("indicator").order_by("indicator_id"))
    if not readings:
        return []
    last = last_approved(update, person)
    return [
        {
            "indicator": reading.indicator,
            "value": number_text(reading.value),
            "unavailable": reading.unavailable,
            "doubt": doubt(reading.indicator, reading.value, last_value(last, reading)),
            "confirmed": reading.confirmed,
            "before": number_text(last_value(last, reading)),
            "baseline": number_text(reading.indicator.baseline),
            "target": number_text(reading.indicator.target),
        }
        for reading in readings
    ]


class ReadingField(forms.DecimalField):
    """A number in a text box, in Thai or Arabic digits; the answer is a Decimal, None where nothing was typed."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Type a number, such as 12 or 3.5. Leave it empty when nothing was measured.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=4, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The number."""
        if isinstance(value, str):
            value = arabic_digits(value).strip().replace("−", "-")
            if value and not NUMBER.fullmatch(value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            value = value.replace(",", "")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A number without superfluous zeros; what was typed stays as it was typed."""
        return number_text(value, grouped=False) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Nothing beyond the widget's own: it is a text box."""
        return {}


class MeasureInput(forms.TextInput):
    """The box for the number, under it the reason why there is none, and the tick once the number was asked about.

    The tick carries the number that it is about, so that it says nothing about a number typed later.
    """

    template_name = "parts/_measure.html"
    asked = False
    """Whether the person is being asked now."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str, str]:
        """What was typed: the number, the reason, the number that was ticked as right."""
        number, why, sure = (data.get(key) or "" for key in (name, f"{name}_why", f"{name}_sure"))
        return number, why, sure

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether nothing was sent at all."""
        return name not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the template needs; `value` is what was typed."""
        number, why, sure = value or ("", "", "")
        context = super().get_context(name, number, attrs)
        right = _plain(number)
        return {
            **context,
            "why": why,
            "right": right if right and (self.asked or sure == right) else "",
            "sure": bool(right) and sure == right,
        }


def _plain(number: str) -> str:
    """The number that was typed, as a tick carries it; "" when it is none."""
    try:
        return number_text(ReadingField().clean(number), grouped=False)
    except ValidationError:
        return ""


class MeasureField(ReadingField):
    """The answer for one indicator is a `Measure`; a draft may leave all of it open."""

    widget = MeasureInput  # type: ignore[assignment]
    default_error_messages = {
        "invalid": _("Type a number, such as 12 or 3.5. If there is none, say why below it."),
        "both": BOTH,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.why = forms.CharField(max_length=Reading._meta.get_field("unavailable").max_length, required=False)

    def clean(self, value: Any) -> Any:
        """The number or the reason, and whether the number that was ticked is the one that stands there."""
        number, why, sure = value or ("", "", "")
        found, reason = super().clean(number), self.why.clean(why)
        if found is not None and reason:
            raise ValidationError(self.error_messages["both"], code="both")
        return Measure(found, reason, found is not None and sure == number_text(found, grouped=False))

    def prepare_value(self, value: Any) -> Any:
        """What the boxes hold: of a number alone, that number."""
        if isinstance(value, Measure):
            number = number_text(value.value, grouped=False)
            return number, value.unavailable, number if value.sure else ""
        if isinstance(value, Decimal):
            return number_text(value, grouped=False), "", ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else was typed than stood there."""
        return (self.prepare_value(initial) or ("", "", "")) != (data or ("", "", ""))
