"""Thai text and dates: what is typed is understood, what is written can be read back."""

import datetime
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from govlab import thai

THE_DAY = date(2021, 11, 23)


# --- text ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("น\u0e4d\u0e32", "น\u0e33"),
        ("น\u0e49\u0e4d\u0e32", "น\u0e49\u0e33"),
        ("น\u0e4d\u0e49\u0e32", "น\u0e49\u0e33"),
        ("น\u0e33\u0e49", "น\u0e49\u0e33"),
        ("น\u0e49\u0e49\u0e33", "น\u0e49\u0e33"),
        ("น\u0e49\u0e33\u0e33", "น\u0e49\u0e33"),
        ("ท\u0e48\u0e35", "ท\u0e35\u0e48"),
        ("อย\u0e48\u0e39", "อย\u0e39\u0e48"),
        ("ท\u0e35\u0e35\u0e48", "ท\u0e35\u0e48"),
        ("สิทธ\u0e4c\u0e34", "สิทธ\u0e34\u0e4c"),
        ("เเก้ว", "แก้ว"),
        ("เ\u200bเก้ว", "แก้ว"),
        ("น้ำหวาน", "น้ำหวาน"),
        ("ก่าน้ำ", "ก่าน้ำ"),
        ("พ.ศ. ๒๕๖๔", "พ.ศ. 2564"),
        ("ภาค\u200bรัฐ\u00ad\ufeff", "ภาครัฐ"),
        ("ภาค\x00รัฐ\x07", "ภาครัฐ"),
        ("GovLab  ÉTÉ", "govlab été"),
        ("E\u0301te\u0301", "été"),
        ("  ภาค \t\n\u00a0 รัฐ ", "ภาค รัฐ"),
        ("Straße", "strasse"),
        ("a\ud800b", "ab"),
        ("", ""),
    ],
)
def test_however_it_was_typed_search_sees_one_form(typed, kept):
    assert thai.normalise(typed) == kept


@given(st.text(alphabet="กนเแโะัิีืุู็่้๊๋์ํฺ๎ำๆฯ๑ \u200bGß1", max_size=12))
def test_normalising_twice_changes_nothing_more(text):
    once = thai.normalise(text)
    assert thai.normalise(once) == once


def test_digits_go_both_ways():
    assert thai.arabic_digits("๒๓/๑๑/๒๕๖๔ ก 7") == "23/11/2564 ก 7"
    assert thai.thai_digits("23/11/2564 ก ๗") == "๒๓/๑๑/๒๕๖๔ ก ๗"


# --- reading dates ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        "23/11/2564",
        "23-11-2564",
        "23.11.2564",
        "23 / 11 / 2564",
        "  23/11/2564  ",
        "23/11/64",
        "23 พ.ย. 2564",
        "23 พ.ย. 64",
        "23 พย. 2564",
        "23 พ.ย 2564",
        "23 พย 2564",
        "23 พ. ย. 2564",
        "23พ.ย.2564",
        "23-พ.ย.-2564",
        "23 พฤศจิกายน 2564",
        "23 พฤศจิกายน พ.ศ. 2564",
        "23 พ.ย. พ.ศ.2564",
        "23 พฤศจิกายน ค.ศ. 2021",
        "23 พฤศจิกายน พุทธศักราช 2564",
        "วันที่ 23 พฤศจิกายน พ.ศ. 2564",
        "วันที่ 23 เดือนพฤศจิกายน พ.ศ. 2564",
        "วันอังคารที่ 23 พฤศจิกายน 2564",
        "๒๓/๑๑/๒๕๖๔",
        "๒๓ พ.ย. ๒๕๖๔",
        "วันที่ ๒๓ พฤศจิกายน พ.ศ. ๒๕๖๔",
        "2021-11-23",
        "2564-11-23",
        "2564/11/23",
        "23/11/2021",
        "23 Nov 2021",
        "23 Nov. 2021",
        "23 november 2021",
        "23rd November 2021",
        "23 Nov 2564",
        "Nov 23, 2021",
        "November 23, 2021",
        "Tuesday 23 November 2021",
        "Tue, 23 Nov 2021",
        "23\u200b/11/2564",
        "23\u00a0พ.ย.\u00a02564",
    ],
)
def test_a_date_is_understood_however_it_is_typed(typed):
    assert thai.parse_date(typed) == THE_DAY


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_is_understood_long_and_short_with_and_without_dots(number):
    for name in (months[number - 1] for table in (thai.MONTHS, thai.SHORT_MONTHS) for months in table.values()):
        for typed in (name, name.replace(".", ""), name.replace(".", ". "), name.upper()):
            assert thai.parse_date(f"9 {typed} 2564") == date(2021, number, 9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("29/2/2563", date(2020, 2, 29)),
        ("29 ก.พ. 63", date(2020, 2, 29)),
        ("29/2/2543", date(2000, 2, 29)),
        ("1/1/1900", date(1900, 1, 1)),
        ("31/12/2100", date(2100, 12, 31)),
        ("31/12/2643", date(2100, 12, 31)),
        ("1/1/2400", date(1857, 1, 1)),
        ("1/2/00", date(1957, 2, 1)),
        ("31/12/99", date(2056, 12, 31)),
        ("5 กรกฏาคม 2562", date(2019, 7, 5)),
        ("5 Sept. 2019", date(2019, 9, 5)),
    ],
)
def test_years_are_of_the_era_they_look_like(typed, meant):
    assert thai.parse_date(typed) == meant


def refusal(typed: str) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        thai.parse_date(typed)
    return caught.value


NO_DATES = [
    ("date_day", ["31/2/2562", "29/2/2562", "29 กุมภาพันธ์ 2562", "29/2/2443", "31/4/2021", "0/4/2564", "2564-02-30"]),
    ("date_month", ["1/13/2564", "1/0/2564", "2564-13-01"]),
    ("date_year", ["1/1/564", "1/1/25640", "1/1/5", "1/1/1899", "1/1/2101", "1/1/2399", "1/1/2644", "0000-01-01"]),
    ("date_year", ["1 ม.ค. ค.ศ. 2564", "1 ม.ค. ค.ศ. 64", "1 ม.ค. พ.ศ. 2021"]),
    ("date_form", ["", "เมื่อวาน", "23 พ.ย.", "23 กกก 2564", "23/11", "23/11-2564", "123/11/2564", "2564-11-2021"]),
    ("date_form", ["20211123", "-1/1/2564", "<b>23/11/2564</b>", "٢٣/١١/٢٠٢١", "23/11/2564\x00", "\x0023/11/2564"]),
    ("date_form", ["23/11/2564 😀", "😀", "1" * 5000, "23 " + "พ" * 5000 + " 2564"]),
]


@pytest.mark.parametrize(("typed", "code"), [(typed, code) for code, texts in NO_DATES for typed in texts])
def test_what_is_no_date_is_refused_by_its_kind(typed, code):
    assert refusal(typed).code == code


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("29/2/2562", "February 2562 has 28 days. Type it again, for example 28/2/2562."),
        ("31 เม.ย. 64", "April 2564 has 30 days. Type it again, for example 30/4/2564."),
        ("30 Feb 2020", "February 2020 has 29 days. Type it again, for example 29/2/2020."),
        (
            "11/23/2564",
            "There is no month 23. Type the day first, then the month from 1 to 12, for example 23/11/2564.",
        ),
        (
            "1/99/2564",
            "There is no month 99. Type the day first, then the month from 1 to 12, for example 23/11/2564.",
        ),
        (
            "1/1/564",
            "The portal cannot use the year 564. "
            "Type a Buddhist year like 2564, or a year of the Common Era from 1900 to 2100.",
        ),
        ("soon", "This is not a date the portal knows. Type it like 23/11/2564 or 23 พ.ย. 2564."),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_to_type(typed, sentence):
    with override("en"):
        assert refusal(typed).messages == [sentence]


def test_a_refused_day_names_the_month_in_the_active_language():
    with override("th"):
        assert refusal("29/2/2562").params == {
            "month": "กุมภาพันธ์",
            "year": 2562,
            "days": 28,
            "example": "28/2/2562",
        }


@given(st.text(max_size=100) | st.from_regex(r"[0-9 ./,a-zก-์-]{0,100}", fullmatch=True))
def test_any_text_is_a_date_or_refused(text):
    try:
        answer = thai.parse_date(text).year
    except ValidationError as error:
        answer = error.code
    assert answer in {"date_form", "date_year", "date_month", "date_day", *range(1857, 2101)}


# --- writing dates ---------------------------------------------------------------------------------------------------
@settings(max_examples=400, deadline=None)
@given(st.dates(date(1957, 1, 1), date(2100, 12, 31)))
def test_every_date_comes_back_from_every_style(day):
    for language in ("th", "en"):
        for style in ("numeric", "short", "long", "full"):
            written = thai.format_date(day, style, language)
            assert thai.parse_date(written) == day
            assert thai.parse_date(thai.thai_digits(written)) == day
    year = thai.be_year(day.year)
    assert thai.parse_date(f"{year}-{day:%m-%d}") == thai.parse_date(day.isoformat()) == day
    assert thai.ce_year(year) == day.year


@pytest.mark.parametrize(
    ("style", "language", "written"),
    [
        ("numeric", "th", "23/11/2564"),
        ("short", "th", "23 พ.ย. 2564"),
        ("long", "th", "23 พฤศจิกายน 2564"),
        ("full", "th", "วันอังคารที่ 23 พฤศจิกายน 2564"),
        ("numeric", "en", "23/11/2021"),
        ("short", "en", "23 Nov 2021"),
        ("long", "en", "23 November 2021"),
        ("full", "en", "Tuesday 23 November 2021"),
    ],
)
def test_a_date_is_written_in_the_era_of_the_language(style, language, written):
    assert thai.format_date(THE_DAY, style, language) == written
    with override(language):
        assert thai.format_date(THE_DAY, style) == written


def test_an_unknown_style_is_an_error():
    with pytest.raises(KeyError):
        thai.format_date(THE_DAY, "iso", "th")


@pytest.mark.parametrize(
    ("start", "end", "in_thai", "in_english"),
    [
        (date(2019, 3, 13), date(2019, 3, 15), "13–15 มีนาคม 2562", "13–15 March 2019"),
        (date(2019, 3, 30), date(2019, 4, 2), "30 มีนาคม – 2 เมษายน 2562", "30 March – 2 April 2019"),
        (
            date(2019, 12, 30),
            date(2020, 1, 2),
            "30 ธันวาคม 2562 – 2 มกราคม 2563",
            "30 December 2019 – 2 January 2020",
        ),
        (date(2019, 3, 13), date(2020, 3, 15), "13 มีนาคม 2562 – 15 มีนาคม 2563", "13 March 2019 – 15 March 2020"),
        (date(2019, 3, 13), date(2019, 3, 13), "13 มีนาคม 2562", "13 March 2019"),
        (date(2019, 3, 13), None, "13 มีนาคม 2562", "13 March 2019"),
        (None, date(2019, 3, 13), "13 มีนาคม 2562", "13 March 2019"),
        (None, None, "", ""),
    ],
)
def test_a_range_says_once_what_both_days_share(start, end, in_thai, in_english):
    assert thai.format_range(start, end, "th") == in_thai
    assert thai.format_range(start, end, "en") == in_english


def test_a_time_is_written_as_people_write_it():
    assert thai.format_time(datetime.time(9, 30), "th") == "9.30 น."
    assert thai.format_time(datetime.time(0, 5), "th") == "0.05 น."
    assert thai.format_time(datetime.time(9, 30), "en") == "09:30"


def test_without_an_active_language_thai_is_spoken():
    with override(None):
        assert thai.format_date(THE_DAY) == "23 พ.ย. 2564"
