"""What an update measured, over the API: answered and asked for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from projects.api.names import DECIMAL
from projects.models import Indicator, Reading
from projects.rules.readings import Measure

MOST_READINGS = 200
NO_INDICATOR = _("There is no indicator with the number %(number)s.")
TWICE = _("The indicator with the number %(number)s is there twice.")
NOTHING_SAID = _("Give the number, null to take it back, or the reason why there is none.")


class MeasuredSerializer(serializers.ModelSerializer[Reading]):
    """What an update measured: a value, or why there is none."""

    name_th = serializers.CharField(source="indicator.name_th")
    name_en = serializers.CharField(source="indicator.name_en")
    unit_th = serializers.CharField(source="indicator.unit_th")
    unit_en = serializers.CharField(source="indicator.unit_en")
    indicator = serializers.IntegerField(source="indicator_id")
    value = serializers.DecimalField(**DECIMAL, allow_null=True)
    unavailable = serializers.CharField(help_text="Why there is no value; empty when there is one.")

    class Meta:
        model = Reading
        fields = ["indicator", "name_th", "name_en", "unit_th", "unit_en", "value", "unavailable"]


class ReadingAnswer(serializers.Serializer[Any]):
    """A measured value, or the reason why there is none; null without a reason takes it back."""

    indicator = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, required=False)
    unavailable = serializers.CharField(
        max_length=300, allow_blank=True, required=False, help_text="Why there is no number; the public reads it."
    )
    sure = serializers.BooleanField(
        required=False,
        help_text="Yes to “is this right?”, which is asked when an update with an unusual value is submitted.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Something must be said."""
        if "value" not in attrs and not attrs.get("unavailable"):
            raise serializers.ValidationError({"value": [NOTHING_SAID]})
        return attrs


def by_indicator(rows: list[dict[str, Any]], person: Any) -> dict[Indicator, Measure]:
    """The answers by indicator; ValidationError for an indicator that the person does not see, or that comes twice."""
    numbers = [row["indicator"] for row in rows]
    known = Indicator.objects.visible_to(person).in_bulk(numbers)
    for refusal, wrong in (
        (NO_INDICATOR, [number for number in numbers if number not in known]),
        (TWICE, [number for number in numbers if numbers.count(number) > 1]),
    ):
        if wrong:
            raise ValidationError(refusal, params={"number": wrong[0]})
    return {
        known[row["indicator"]]: Measure(row.get("value"), row.get("unavailable", ""), row.get("sure")) for row in rows
    }
