"""Measured values as people type and read them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govlab.thai import arabic_digits
from projects.models import ProgressUpdate, Reading, UpdateState

# A comma only between groups of three, so that 1,5 is asked about instead of read as 15.
NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)


def number_text(value: Decimal | None, *, grouped: bool = True) -> str:
    """A value without the zeros its column adds: 12,500 or 3.5; "" for none."""
    if value is None:
        return ""
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measured(update: ProgressUpdate, person: Any) -> list[dict[str, Any]]:
    """The update's readings, each beside the one that was approved before it and that the person may see."""
    readings = list(update.readings.select_related("indicator").order_by("indicator_id"))
    if not readings:
        return []
    earlier = (
        Reading.objects.visible_to(person)
        .filter(
            indicator__in=[reading.indicator_id for reading in readings],
            update__state=UpdateState.APPROVED,
            update__happened_on__lte=update.happened_on or timezone.localdate(),
        )
        .exclude(update=update)
    )
    last = {row.indicator_id: row for row in earlier.order_by("update__happened_on", "update__reviewed_at", "pk")}
    return [
        {
            "indicator": reading.indicator,
            "value": number_text(reading.value),
            "before": number_text(last[reading.indicator_id].value) if reading.indicator_id in last else "",
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
