"""The fields and template tags: Thai dates in forms and pages, sort keys in the database, several files at once."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.migrations.writer import MigrationWriter
from django.template import Context, Engine
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape
from django.utils.translation import override

from govlab.fields import AddressName, MultiFileField, SortKeyField, ThaiDateField
from govlab.thai import pick, pick_text

THE_DAY = date(2021, 11, 23)


class DateForm(forms.Form):
    on = ThaiDateField(required=False)


class FilesForm(forms.Form):
    files = MultiFileField(max_length=20)


# --- dates in forms --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["23/11/2564", " 23 พ.ย. 64 ", "๒๓/๑๑/๒๕๖๔", "2021-11-23"])
def test_a_form_takes_a_date_as_people_type_it(typed):
    form = DateForm({"on": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"on": THE_DAY}


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_is_no_date(typed):
    form = DateForm({"on": typed})
    assert form.is_valid()
    assert form.cleaned_data == {"on": None}


def test_a_required_date_is_asked_for():
    class RequiredForm(forms.Form):
        on = ThaiDateField()

    assert RequiredForm({"on": " "}).errors.as_data()["on"][0].code == "required"


@pytest.mark.parametrize("typed", ["29/2/2562", "เร็ว ๆ นี้", '"><b>', "23/11/2564\x00", "9" * 5000])
def test_what_is_no_date_stays_exactly_as_typed(typed):
    form = DateForm({"on": typed})
    assert not form.is_valid()
    assert form["on"].value() == typed
    assert list(form.errors) == ["on"]


@pytest.mark.parametrize(("language", "shown"), [("th", "23/11/2564"), ("en", "23/11/2021")])
def test_a_form_shows_the_date_in_the_era_of_the_language(language, shown):
    with override(language):
        assert DateForm(initial={"on": THE_DAY})["on"].value() == shown


def test_the_widget_is_a_text_box_that_offers_nothing_old():
    assert DateForm(initial={"on": THE_DAY})["on"].as_widget() == (
        '<input type="text" name="on" value="23/11/2564" class="date" inputmode="text" autocomplete="off" id="id_on">'
    )


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (date(2019, 2, 28), "28/2/2562", []),
        (date(2019, 2, 28), "28 ก.พ. 62", []),
        (date(2019, 2, 28), "28/2/2019", []),
        ("28/2/2562", "2019-02-28", []),
        (None, "", []),
        (date(2019, 2, 28), "27/2/2562", ["on"]),
        (date(2019, 2, 28), "", ["on"]),
        (date(2019, 2, 28), "29/2/2562", ["on"]),
        (None, "28/2/2562", ["on"]),
        ("soon", "28/2/2562", ["on"]),
    ],
)
def test_only_another_day_is_a_change(initial, typed, changed):
    assert DateForm({"on": typed}, initial={"on": initial}).changed_data == changed


# --- names in addresses ----------------------------------------------------------------------------------------------
def test_a_word_of_our_own_addresses_is_no_name_of_a_record():
    with override("en"), pytest.raises(ValidationError) as refused:
        AddressName().clean("add", None)
    with override("en"):
        assert refused.value.messages == ["The portal's own addresses use the word “add”. Choose another name."]
    assert [AddressName().clean(name, None) for name in ("Add", "add-on", "opdc")] == ["Add", "add-on", "opdc"]


def test_a_migration_takes_a_name_in_addresses_for_a_slug():
    assert MigrationWriter.serialize(AddressName(max_length=60))[0] == "models.SlugField(max_length=60)"


# --- sort keys -------------------------------------------------------------------------------------------------------
def test_a_sort_key_is_kept_by_code_point_on_each_database():
    field = SortKeyField()
    assert field.db_parameters(PostgreSQL({"NAME": "x"})) == {
        "type": "varchar(255)",
        "check": None,
        "collation": "C",
    }
    assert field.db_parameters(SQLite({"NAME": "x"})) == {"type": "varchar(255)", "check": None, "collation": None}


def test_a_sort_key_is_not_for_editing():
    field = SortKeyField()
    kept = (field.max_length, field.db_index, field.editable, field.blank, field.null, field.default)
    assert kept == (255, True, False, True, False, "")


def test_a_migration_names_only_what_is_special_about_a_sort_key():
    assert MigrationWriter.serialize(SortKeyField())[0] == "govlab.fields.SortKeyField()"
    assert SortKeyField("key", max_length=100).deconstruct()[1:] == (
        "govlab.fields.SortKeyField",
        [],
        {"verbose_name": "key", "max_length": 100},
    )


@pytest.mark.parametrize("options", [{}, {"db_index": False}, {"max_length": 100}, {"editable": True, "blank": False}])
def test_a_sort_key_comes_back_from_a_migration_as_it_was(options):
    field = SortKeyField(**options)
    again = field.clone()
    for option in ("max_length", "db_index", "editable", "blank", "default"):
        assert getattr(again, option) == getattr(field, option)
    assert isinstance(again, models.CharField)


# --- several files ---------------------------------------------------------------------------------------------------
def sent(*files: SimpleUploadedFile) -> FilesForm:
    return FilesForm({}, MultiValueDict({"files": list(files)}))


def test_all_files_arrive_in_their_order():
    form = sent(SimpleUploadedFile("a.pdf", b"1"), SimpleUploadedFile("ข.pdf", b"2"))
    assert form.is_valid()
    assert [(file.name, file.read()) for file in form.cleaned_data["files"]] == [("a.pdf", b"1"), ("ข.pdf", b"2")]
    assert form.changed_data == ["files"]


def test_no_file_is_an_empty_list_unless_one_is_required():
    assert sent().errors.as_data()["files"][0].code == "required"
    form = sent()
    form.fields["files"].required = False
    assert form.is_valid()
    assert form.cleaned_data == {"files": []}
    assert form.changed_data == []
    assert MultiFileField(required=False).clean(None) == []


def test_each_refused_file_is_named():
    form = sent(
        SimpleUploadedFile("good.pdf", b"1"),
        SimpleUploadedFile("empty.pdf", b""),
        SimpleUploadedFile("5%.pdf" * 9, b"1"),
    )
    with override("en"):
        assert form.errors == {
            "files": [
                "empty.pdf: The submitted file is empty.",
                f"{'5%.pdf' * 9}: Ensure this filename has at most 20 characters (it has 54).",
            ]
        }
    assert [error.code for error in form.errors.as_data()["files"]] == ["empty", "max_length"]


def test_text_in_the_place_of_a_file_is_refused():
    form = FilesForm({"files": "a.pdf"}, {"files": "a.pdf"})
    assert form.errors.as_data()["files"][0].code == "invalid"


def test_the_widget_takes_several_files():
    assert FilesForm()["files"].as_widget() == '<input type="file" name="files" multiple required id="id_files">'


# --- tags ------------------------------------------------------------------------------------------------------------
engine = Engine(libraries={"thai": "govlab.templatetags.thai"}, builtins=["govlab.templatetags.thai"])


def shown(source: str, language: str = "th", **values: object) -> str:
    with override(language):
        return engine.from_string(source).render(Context(values))


def test_a_day_stands_in_a_time_element():
    assert shown("{% day on %}", on=THE_DAY) == '<time datetime="2021-11-23">23 พ.ย. 2564</time>'
    assert shown('{% day on style="full" %}', "en", on=THE_DAY) == (
        '<time datetime="2021-11-23">Tuesday 23 November 2021</time>'
    )
    assert shown("{% day on %}{% days on on %}{% moment on %}", on=None) == ""


def test_days_give_each_end_its_own_time_element():
    assert shown("{% days start end %}", start=date(2019, 3, 13), end=date(2019, 3, 15)) == (
        '<time datetime="2019-03-13">13</time>–<time datetime="2019-03-15">15 มีนาคม 2562</time>'
    )
    assert shown("{% days start end %}", "en", start=THE_DAY, end=None) == (
        '<time datetime="2021-11-23">23 November 2021</time>'
    )


def test_a_moment_is_shown_by_the_clocks_of_bangkok():
    late = datetime(2021, 11, 22, 19, 30, tzinfo=UTC)
    assert shown("{% moment at %}", at=late) == '<time datetime="2021-11-23T02:30+07:00">23 พ.ย. 2564 2.30 น.</time>'
    assert shown("{% moment at %}", "en", at=late) == (
        '<time datetime="2021-11-23T02:30+07:00">23 Nov 2021 02:30</time>'
    )
    assert shown("{% day at %}", at=late) == '<time datetime="2021-11-23">23 พ.ย. 2564</time>'


def test_years_are_shown_in_the_era_of_the_language():
    source = "{{ ce|be }} {{ cohort|year }} {{ none|be }}{{ none|year }}{{ word|be }}{{ word|year }}"
    values = {"ce": 2019, "cohort": 2562, "none": None, "word": "ก"}
    assert shown(source, **values) == "2562 2562 "
    assert shown(source, "en", **values) == "2019 2019 "


@pytest.mark.parametrize(
    ("title_th", "title_en", "in_thai", "in_english"),
    [
        ("น้ำ", "Water", "น้ำ", "Water"),
        ("น้ำ", "", "น้ำ", '<span lang="th">น้ำ</span>'),
        ("", "Water", '<span lang="en">Water</span>', "Water"),
        ("<b>", "", "&lt;b&gt;", '<span lang="th">&lt;b&gt;</span>'),
        ("", "", "", ""),
        (None, None, "", ""),
    ],
)
def test_a_text_falls_back_to_the_other_language_and_says_so(title_th, title_en, in_thai, in_english):
    thing = SimpleNamespace(title_th=title_th, title_en=title_en)
    assert shown('{% bi thing "title" %}', thing=thing) == in_thai
    assert shown('{% bi thing "title" %}', "en", thing=thing) == in_english
    assert shown('{% bi thing "title" as text %}{{ text }}', "en", thing=thing) == in_english


@pytest.mark.parametrize(
    ("text", "in_english"),
    [
        ("สัมภาษณ์ 24 คน", '<span lang="th">สัมภาษณ์ 24 คน</span>'),
        ("รุ่น\n<b>", '<span lang="th">รุ่น\n&lt;b&gt;</span>'),
        ("Prototype <2>", "Prototype &lt;2&gt;"),
        ("๒๕๖๒ ฿", "๒๕๖๒ ฿"),
        ("", ""),
        (None, ""),
    ],
)
def test_what_somebody_typed_in_thai_is_marked_on_a_page_that_is_not(text, in_english):
    assert shown("{% said text %}", "en", text=text) == in_english
    assert shown("{% said text %}", text=text) == escape(text or "")


def test_no_line_begins_with_the_colon_of_a_title():
    thing = SimpleNamespace(title_th="การเกษตร : น้ำ", title_en="")
    assert shown('{% bi thing "title" %}', thing=thing) == "การเกษตร\u00a0: น้ำ"
    assert shown("{% said text %}", text=thing.title_th) == "การเกษตร\u00a0: น้ำ"
    assert pick(thing, "title") == "การเกษตร : น้ำ"


def test_pick_gives_the_text_without_markup():
    thing = SimpleNamespace(title_th="น้ำ", title_en="")
    assert (pick(thing, "title", "th"), pick(thing, "title", "en"), pick(None, "title")) == ("น้ำ", "น้ำ", "")
    assert pick_text(thing, "title", "en") == ("น้ำ", "th")
    with pytest.raises(AttributeError):
        pick(thing, "name")
