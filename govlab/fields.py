"""Form and model fields that know Thai dates and times, Thai order and several files at once."""

import re
import secrets
from contextlib import suppress
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from govlab.thai import arabic_digits, format_date, format_time, parse_date


class ThaiDateField(forms.DateField):
    """A date in a text box, read by `parse_date` and shown in the era of the active language.

    What was typed stays as it was typed while it is not a date. Raises what `parse_date` raises.
    """

    # Not the number pad: it has neither the slash nor the letters of พ.ย.
    widget = forms.TextInput(attrs={"class": "date", "inputmode": "text", "autocomplete": "off"})

    def to_python(self, value: Any) -> date | None:
        """The date, or None where nothing was typed."""
        if isinstance(value, str):
            value = value.strip()
            return parse_date(value) if value else None
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A date as 23/11/2564 (in English 23/11/2021); anything else as it is."""
        return format_date(value, "numeric") if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another day was typed; another way of writing the same day is no change."""
        with suppress(ValidationError):  # an initial value that is no date differs from every date
            initial = self.to_python(initial)
        return super().has_changed(initial, data)


TIME = re.compile(r"(?:เวลา)?\s*([0-9]{1,2})(?:\s*[.:]\s*([0-9]{2}))?\s*(น\.?|นาฬิกา)?")


def parse_time(text: str) -> time:
    """The time of day that a person typed: 9.30, 09:30, ๐๙.๓๐ น.; a full hour also as 9 น.

    Raises ValidationError with the code `time_form`, or `time_range` for an hour or minute that no clock has.
    """
    found = TIME.fullmatch(arabic_digits(text.strip())) if len(text) <= 40 else None
    if found is None or not (found[2] or found[3]):
        raise ValidationError(_("This is not a time the portal knows. Type it like 9.30 or 14:30."), code="time_form")
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise ValidationError(
            _("Hours go from 0 to 23 and minutes from 0 to 59. Type it like 9.30 or 14:30."), code="time_range"
        )
    return time(hour, minute)


class ThaiTimeField(forms.TimeField):
    """A time of day in a text box, read by `parse_time` and shown as the active language writes it.

    What was typed stays as it was typed while it is not a time. Raises what `parse_time` raises.
    """

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "class": "date"})

    def to_python(self, value: Any) -> time | None:
        """The time, or None where nothing was typed."""
        if isinstance(value, str):
            return parse_time(value) if value.strip() else None
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A time as 9.30 น. (in English 09:30); anything else as it is."""
        return format_time(value) if isinstance(value, time) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another time was typed; another way of writing the same one is no change."""
        with suppress(ValidationError):  # an initial value that is no time differs from every time
            initial = self.to_python(initial)
        return super().has_changed(initial, data)


@models.IntegerField.register_lookup
class InRange(In):
    """`IN` without the numbers that no column can hold: a form that is sent such a number refuses it as any other.

    Django does the same for `=`, but SQLite stops at such a number in a list with an OverflowError.
    """

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The list as SQL."""
        if self.rhs_is_direct_value():
            low, high = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
            self.rhs = [value for value in self.rhs if not isinstance(value, int) or low <= value <= high]
        return super().process_rhs(compiler, connection)


OWN_WORDS = frozenset({"add"})
"""Words that stand in an address where a record's name could: /desk/meetings/add/."""


def not_our_own_word(name: str) -> None:
    """Raises ValidationError (`own_word`) for a name that the portal's addresses use themselves."""
    if name in OWN_WORDS:
        raise ValidationError(
            _("The portal's own addresses use the word “%(word)s”. Choose another name."),
            code="own_word",
            params={"word": name},
        )


class AddressName(models.SlugField):
    """The name by which a record stands in web addresses; refuses what `not_our_own_word` refuses."""

    default_validators = [*models.SlugField.default_validators, not_our_own_word]

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations a slug as any other: what it refuses is no matter of the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs


def random_id() -> int:
    """A number for a record that is not public from the first: from it nobody can count the others before it.

    48 random bits stay exact in every JSON reader; two alike among 100,000 come once in 50,000 such collections.
    """
    return secrets.randbelow(2**48 - 1) + 1


class SortKeyField(models.CharField):
    """The stored sort key of a text (see `govlab.thai.sort_key`), compared by code point on every database."""

    _fixed: dict[str, Any] = {"max_length": 255, "db_index": True, "editable": False, "blank": True, "default": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(self._fixed | kwargs))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Name, path and arguments for migrations, without what every sort key has."""
        name, path, args, kwargs = super().deconstruct()
        # CharField leaves out what is Django's own default, so a value that differs from ours is put back.
        for option, value in self._fixed.items():
            if (own := getattr(self, option)) == value:
                kwargs.pop(option, None)
            else:
                kwargs[option] = own
        return name, path, args, kwargs

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """As for any text column, with the collation "C" on PostgreSQL."""
        parameters = super().db_parameters(connection)
        # SQLite compares code points by itself; PostgreSQL has to be told.
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class MultiFileInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class MultiFileField(forms.FileField):
    """Several files at once; the answer is a list, empty where none was sent and none is required.

    Every file is looked at, and each refusal names its file. Raises ValidationError.
    """

    widget = MultiFileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files that were sent."""
        sent = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file not in self.empty_values]
        if not sent and self.required and not initial:
            raise ValidationError(self.error_messages["required"], code="required")
        files, refusals = [], []
        for file in sent:
            try:
                files.append(super().clean(file))
            except ValidationError as refusal:
                name = getattr(file, "name", "")
                refusals += [self._naming(name, error) for error in refusal.error_list]
        if refusals:
            raise ValidationError(refusals)
        return files

    def _naming(self, name: str, error: ValidationError) -> ValidationError:
        if not name:
            return error
        problem = error.message % error.params if error.params else error.message
        return ValidationError("%(file)s: %(problem)s", code=error.code, params={"file": name, "problem": problem})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether any file was sent."""
        return not self.disabled and bool(data)
