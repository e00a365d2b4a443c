"""Thai text and Buddhist-Era dates as plain functions: normalising, digits, order, reading and writing dates."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")  # no summer time since 1920, so no time zone data is needed
BE_AHEAD = 543
FIRST_BE_YEAR, LAST_BE_YEAR = 2400, 2643
FIRST_CE_YEAR, LAST_CE_YEAR = 1900, 2100
LONGEST_DATE = 80  # characters; the longest form the portal writes itself has 35


def _lists(**lines: str) -> dict[str, tuple[str, ...]]:
    return {language: tuple(line.split()) for language, line in lines.items()}


MONTHS = _lists(
    th="มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    en="January February March April May June July August September October November December",
)
SHORT_MONTHS = _lists(
    th="ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    en="Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
)
WEEKDAYS = _lists(
    th="จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์",
    en="Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
)

# --- text ------------------------------------------------------------------------------------------------------------
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_THAI_LETTER = re.compile("[ก-ฮ]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
# The marks that sit above or below a consonant, in the order in which they are kept.
_MARKS = "ฺุูัิีึื็่้๊๋์ํ๎"
_MARK_RANK = {mark: rank for rank, mark in enumerate(_MARKS)}
_MARK_RUN = re.compile(f"[{_MARKS}]+(?:ำ[{_MARKS}ำ]*|า[{_MARKS}]*)?|ำ[{_MARKS}ำ]+")
_NO_AM = str.maketrans("", "", "ําำ")


def arabic_digits(text: str) -> str:
    """The text with Thai digits as 0-9."""
    return text.translate(_TO_ARABIC)


def thai_digits(text: str) -> str:
    """The text with 0-9 as Thai digits."""
    return text.translate(_TO_THAI)


def has_thai(text: str) -> bool:
    """Whether any letter of the text is Thai."""
    return _THAI_LETTER.search(text) is not None


def _in_order(marks: str) -> str:
    return "".join(sorted({*marks}, key=_MARK_RANK.__getitem__))


def _tidy(run: re.Match[str]) -> str:
    """One run of marks, each once, in one order; with ำ, or a nikhahit before า, the run ends in ำ."""
    typed = run[0]
    if len(typed) == 1:
        return typed
    before, vowel, after = typed.partition("า")
    if "ำ" in typed or (vowel and "ํ" in before):
        return _in_order(typed.translate(_NO_AM)) + "ำ"
    return _in_order(before) + vowel + _in_order(after)


def normalise(text: str) -> str:
    """The text in the one form that search compares: the same word, however it was typed, gives the same string.

    NFC, case folded, marks once and in one order, ํ with า as ำ, เเ as แ, digits 0-9, single spaces, nothing
    invisible. Apply it to both sides of a comparison.
    """
    text = _CONTROL.sub("", text).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
        text = _MARK_RUN.sub(_tidy, text).replace("เเ", "แ").translate(_TO_ARABIC)
    return " ".join(text.split())


# --- order -----------------------------------------------------------------------------------------------------------
_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
# Secondary weights, lightest first, as in CLDR's Thai order; 8 is any other accent, 9 marks ๅ apart from า.
_LIGHT = {mark: weight for weight, mark in enumerate("๎์็่้๊๋", start=1)}
_OTHER_ACCENT, _LONG_AA = 8, 9
# Thai signs whose code point is not their place: ํ comes before ะ and ฺ after ไ; ฯ and ๆ do not count.
_PLACE = {"ํ": "ฯ", "ฺ": "ๅ", "ๅ": "า", "ฯ": "", "ๆ": ""}
_LIGHT_FROM, _LIGHT_PLACES = 0xE000, 400  # one private-use character says where a mark stands and which it is


def sort_key(text: str, length: int = 255) -> str:
    """A string of at most `length` characters whose code-point order is the order of the royal dictionary.

    Digits, then Latin without case, then Thai. A leading vowel counts after its consonant; tone marks, ์ and ็ decide
    only between words that are otherwise equal; spaces and punctuation do not count. After the weights of CLDR's `th`
    collation (Unicode TR 10 with TR 35), which puts Latin last.
    """
    text = unicodedata.normalize("NFKD", normalise(text[: 4 * length]))
    text = _LEADING_VOWEL.sub(r"\2\1", text.replace("ํา", "ำ"))
    heavy: list[str] = []
    light: list[str] = []

    def note(weight: int) -> None:
        # An earlier mark is the greater one: without it, the other word has nothing there.
        light.append(chr(_LIGHT_FROM + 16 * max(_LIGHT_PLACES - 1 - len(heavy), 0) + weight))

    for char in text:
        if char in _LIGHT:
            note(_LIGHT[char])
        elif char in _PLACE:
            if place := _PLACE[char]:
                heavy.append(place)
            if char == "ๅ":
                note(_LONG_AA)
        elif char.isalnum() or "ะ" <= char <= "ู":
            heavy.append(char if char <= "\uffff" else "\ufffd")
        elif unicodedata.combining(char):
            note(_OTHER_ACCENT)
    return ("".join(heavy) + (" " + "".join(light) if light else ""))[:length]


# --- reading dates ---------------------------------------------------------------------------------------------------
_NUMBERS = re.compile(r"([0-9]{1,6})\s?([/.-])\s?([0-9]{1,2})\s?\2\s?([0-9]{1,6})")
_WEEKDAY = (
    rf"(?:วัน(?:{'|'.join(WEEKDAYS['th'])}|พฤหัส)?(?:\s?ที่)?|ที่"
    rf"|(?:{'|'.join(name.lower() for name in WEEKDAYS['en'])}|mon|tue|wed|thu|fri|sat|sun)[.,]*)?\s?"
)
_WORDS = re.compile(rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th)?([^0-9]+)([0-9]{{1,6}})")
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}([a-z]+)\.?\s?([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,\s?|\s)([0-9]{{1,6}})")
_BETWEEN = str.maketrans("", "", " .,/-")
_MONTH_AND_ERA = re.compile("(?:เดือน)?(.+?)(พศ|พุทธศักราช|คศ|คริสต์ศักราช)?")
_MONTH_NUMBERS = {
    normalise(name).translate(_BETWEEN): number
    for names in (*MONTHS.values(), *SHORT_MONTHS.values())
    for number, name in enumerate(names, start=1)
} | {"กรกฏาคม": 7, "sept": 9}  # a common slip of the keyboard; a common English short form


def _refusal(code: str, message: Any, **params: object) -> ValidationError:
    return ValidationError(message, code=code, params=params)


def _typed_parts(text: str) -> tuple[str, int, str, str]:
    """Day, month, year and era as they were typed; raises ValidationError (`date_form`)."""
    if len(text) <= LONGEST_DATE and not _CONTROL.search(text):
        text = normalise(text)
        if found := _NUMBERS.fullmatch(text):
            day, month, year = found[1], int(found[3]), found[4]
            if len(day) > 2:
                day, year = year, day
            if len(day) <= 2:
                return day, month, year, ""
        elif found := _WORDS.fullmatch(text):
            words = _MONTH_AND_ERA.fullmatch(found[2].translate(_BETWEEN))
            if words and words[1] in _MONTH_NUMBERS:
                return found[1], _MONTH_NUMBERS[words[1]], found[3], (words[2] or "")[:1]
        elif (found := _MONTH_FIRST.fullmatch(text)) and found[1] in _MONTH_NUMBERS:
            return found[2], _MONTH_NUMBERS[found[1]], found[3], ""
    raise _refusal("date_form", _("This is not a date the portal knows. Type it like 23/11/2564 or 23 พ.ย. 2564."))


def _typed_year(typed: str, era: str) -> tuple[int, int]:
    """The year in the era it was typed in, and how far that era is ahead; raises ValidationError (`date_year`)."""
    year = 2500 + int(typed) if len(typed) == 2 and era != "ค" else int(typed)
    if FIRST_BE_YEAR <= year <= LAST_BE_YEAR and era != "ค":
        return year, BE_AHEAD
    if FIRST_CE_YEAR <= year <= LAST_CE_YEAR and era != "พ":
        return year, 0
    raise _refusal(
        "date_year",
        _(
            "The portal cannot use the year %(year)s. "
            "Type a Buddhist year like 2564, or a year of the Common Era from %(first)s to %(last)s."
        ),
        year=typed,
        first=FIRST_CE_YEAR,
        last=LAST_CE_YEAR,
    )


def parse_date(text: str) -> date:
    """The date that a person typed, in any usual Thai or English form, day before month.

    A year from 2400 is Buddhist and so are two digits; other years are of the Common Era.
    Raises ValidationError with the code `date_form`, `date_year`, `date_month` or `date_day`.
    """
    typed_day, month, typed_year, era = _typed_parts(text.strip() if isinstance(text, str) else "")
    day = int(typed_day)
    year, ahead = _typed_year(typed_year, era)
    if not 1 <= month <= 12:
        # Month before day is the usual reason; then the example is the very date that was meant.
        swapped = 1 <= day <= 12 and 1 <= month <= monthrange(year - ahead, day)[1]
        raise _refusal(
            "date_month",
            _("There is no month %(month)s. Type the day first, then the month from 1 to 12, for example %(example)s."),
            month=month,
            example=f"{month}/{day}/{year}" if swapped else "23/11/2564",
        )
    days = monthrange(year - ahead, month)[1]
    if not 1 <= day <= days:
        raise _refusal(
            "date_day",
            _("%(month)s %(year)s has %(days)d days. Type it again, for example %(example)s."),
            month=MONTHS[known_language()][month - 1],
            year=year,
            days=days,
            example=f"{days}/{month}/{year}",
        )
    return date(year - ahead, month, day)


# --- writing dates ---------------------------------------------------------------------------------------------------
def known_language(language: str | None = None) -> str:
    """`th` or `en`: the language asked for, else the active one."""
    return "en" if (language or get_language() or "th").startswith("en") else "th"


def be_year(year_ce: int) -> int:
    """The Buddhist year of a year of the Common Era."""
    return year_ce + BE_AHEAD


def ce_year(year_be: int) -> int:
    """The year of the Common Era of a Buddhist year."""
    return year_be - BE_AHEAD


def format_date(day: date, style: str = "short", language: str | None = None) -> str:
    """The date as people write it: `numeric`, `short`, `long` or `full`; Buddhist Era in Thai, Common Era in English.

    Raises KeyError for another style.
    """
    language = known_language(language)
    year = day.year if language == "en" else day.year + BE_AHEAD
    if style == "numeric":
        return f"{day.day}/{day.month}/{year}"
    months = {"short": SHORT_MONTHS, "long": MONTHS, "full": MONTHS}[style]
    written = f"{day.day} {months[language][day.month - 1]} {year}"
    if style != "full":
        return written
    weekday = WEEKDAYS[language][day.weekday()]
    return f"{weekday} {written}" if language == "en" else f"วัน{weekday}ที่ {written}"


def range_parts(start: date, end: date, language: str | None = None) -> tuple[str, str, str]:
    """What stands before the dash, the dash, and what stands behind it; what both sides share is said once."""
    language = known_language(language)
    last = format_date(end, "long", language)
    if start.year != end.year:
        return format_date(start, "long", language), " – ", last
    if start.month != end.month:
        return f"{start.day} {MONTHS[language][start.month - 1]}", " – ", last
    return str(start.day), "–", last


def format_range(start: date | None, end: date | None, language: str | None = None) -> str:
    """From a day to a day, in the long style; one day when both are the same or only one is known, "" when none is."""
    if start and end and start != end:
        return "".join(range_parts(start, end, language))
    known = start or end
    return format_date(known, "long", language) if known else ""


def format_time(at: time | datetime, language: str | None = None) -> str:
    """The time of day, 24 hours: 9.30 น. in Thai, 09:30 in English."""
    return f"{at.hour:02}:{at.minute:02}" if known_language(language) == "en" else f"{at.hour}.{at.minute:02} น."


# --- text in two languages -------------------------------------------------------------------------------------------
def pick_text(obj: Any, name: str, language: str | None = None) -> tuple[str, str]:
    """The text of `name_th` or `name_en` and its language: the active one's, else the other's, else ""."""
    own = known_language(language)
    other = "th" if own == "en" else "en"
    if obj is None:
        return "", own
    if text := getattr(obj, f"{name}_{own}"):
        return text, own
    return getattr(obj, f"{name}_{other}") or "", other


def pick(obj: Any, name: str, language: str | None = None) -> str:
    """The text of `name_th` or `name_en` without markup, as `pick_text` chooses it; "" for no object."""
    return pick_text(obj, name, language)[0]
