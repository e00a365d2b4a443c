"""Times of day as people type them, and the form field that reads and shows them."""

from datetime import time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

from govlab.fields import ThaiTimeField, parse_time


class TimeForm(forms.Form):
    at = ThaiTimeField(required=False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9.30", time(9, 30)),
        ("09:30", time(9, 30)),
        ("๐๙.๓๐ น.", time(9, 30)),
        (" 9.30น. ", time(9, 30)),
        ("เวลา 13.05 นาฬิกา", time(13, 5)),
        ("9 น.", time(9, 0)),
        ("0:00", time(0, 0)),
        ("23.59", time(23, 59)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed, meant):
    assert parse_time(typed) == meant


@pytest.mark.parametrize("typed", ["9", "930", "9.3", "เช้า", "9.30-12.00", "9.30\x00", "9.30 pm", "๙" * 5000, "-9.30"])
def test_what_is_no_time_is_refused_with_a_sentence(typed):
    with pytest.raises(ValidationError) as refusal:
        parse_time(typed)
    assert refusal.value.code == "time_form"


@pytest.mark.parametrize("typed", ["24.00", "9.60", "99:99"])
def test_an_hour_that_no_clock_has_is_refused(typed):
    with pytest.raises(ValidationError) as refusal:
        parse_time(typed)
    assert refusal.value.code == "time_range"


def test_the_form_takes_a_time_and_nothing():
    assert [TimeForm({"at": typed}).is_valid() for typed in ("9.30 น.", "", "  ")] == [True, True, True]
    form = TimeForm({"at": "9.30 น."})
    assert form.is_valid() and form.cleaned_data == {"at": time(9, 30)}
    form = TimeForm({"at": " "})
    assert form.is_valid() and form.cleaned_data == {"at": None}


@pytest.mark.parametrize(("language", "shown"), [("th", "9.30 น."), ("en", "09:30")])
def test_a_time_is_shown_as_the_language_writes_it_and_can_be_sent_back(language, shown):
    with override(language):
        form = TimeForm(initial={"at": time(9, 30)})
        assert form["at"].field.prepare_value(form["at"].value()) == shown
        assert parse_time(shown) == time(9, 30)


def test_what_is_no_time_stays_as_typed():
    form = TimeForm({"at": "ตอนเช้า"})
    assert not form.is_valid()
    assert form["at"].value() == "ตอนเช้า"
    assert list(form.errors) == ["at"]


def test_another_way_of_writing_the_same_time_is_no_change():
    assert not TimeForm({"at": "๙.๓๐ น."}, initial={"at": time(9, 30)}).has_changed()
    assert TimeForm({"at": "9.31"}, initial={"at": time(9, 30)}).has_changed()
