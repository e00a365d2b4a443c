"""The Thai catalogue is up to date, complete and well written, and lists of the libraries only what they lack."""

import re
from gettext import GNUTranslations
from io import StringIO
from pathlib import Path
from typing import Any

import django
import pytest
from babel.messages.catalog import Message
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command

from govlab.library_messages import BETTER
from govlab.messages import Build, ThaiCatalogue, build, english, entries, gather, sources, thai

THAI_FAULTS = {
    "a space at an end": re.compile(r"^\s|\s\Z"),
    "two sara e for a sara ae": re.compile("เเ"),
    "three full stops for …": re.compile(r"\.\.\."),
}
PLACEHOLDER = re.compile(r"%%|%\((\w+)\)[a-z]|%[sdr]|\{[^{}]*\}")
LIBRARIES = ("django", "rest_framework", "django_filters")


@pytest.fixture(scope="module")
def today() -> Build:
    return build(settings.BASE_DIR)


def faults_of(message: Message) -> list[str]:
    """What is wrong with the Thai of one entry that has Thai."""
    # With a plural, the Thai stands for any number and follows the plural.
    source = message.id if isinstance(message.id, str) else message.id[1]
    found = [name for name, pattern in THAI_FAULTS.items() for form in thai(message) if pattern.search(form)]
    if any(placeholders(form) != placeholders(source) for form in thai(message)):
        found.append("other placeholders than the English")
    return found


def placeholders(text: str) -> set[str]:
    """The parts of a string that are filled in, as written."""
    return {match[0] for match in PLACEHOLDER.finditer(text)} - {"%%"}


def test_the_files_are_up_to_date(today: Build) -> None:
    assert [path.name for path in today.stale] == [], "run manage.py messages"


def test_every_string_has_thai(today: Build) -> None:
    assert today.untranslated == []


def test_the_thai_is_well_written(today: Build) -> None:
    faults = {english(entry): faults_of(entry) for entry in entries(today.catalogue) if all(thai(entry))}
    assert {key: found for key, found in faults.items() if found} == {}


# --- the strings of libraries ----------------------------------------------------------------------------------------
def own_list() -> list[Message]:
    """The entries that govlab/library_messages.py names."""
    return entries(gather(settings.BASE_DIR, [settings.BASE_DIR / "govlab" / "library_messages.py"]))


def of_libraries() -> set[tuple[str | None, str]]:
    """Every (context, English) in the source of the libraries."""
    root = Path(django.__file__).parent.parent
    # Reading the few files that translate anything takes half a second, reading all of them ten.
    files = [path for path in sources(root, LIBRARIES) if re.search("gettext|trans", path.read_text())]
    return {(entry.context, english(entry)) for entry in entries(gather(root, files))}


def thai_of_libraries() -> set[str]:
    """The English of all that Django and the installed libraries have in Thai themselves."""
    folders = [Path(django.__file__).parent / "conf", *(Path(app.path) for app in apps.get_app_configs())]
    files = [folder / "locale/th/LC_MESSAGES/django.mo" for folder in folders if folder.parent != settings.BASE_DIR]
    known: set[str] = set()
    for path in files:
        if path.is_file():
            with path.open("rb") as file:
                catalogue = GNUTranslations(file)._catalog
            # A string with a plural is kept as (English, form).
            known |= {key if isinstance(key, str) else key[0] for key in catalogue}
    return known


def test_each_listed_string_is_one_of_a_library() -> None:
    there = of_libraries()
    assert [english(entry) for entry in own_list() if (entry.context, english(entry)) not in there] == []


def test_no_listed_string_has_thai_in_its_library() -> None:
    known = thai_of_libraries()
    assert "This field is required." in known
    better = set(BETTER)
    assert [english(entry) for entry in own_list() if english(entry) in known - better] == []
    assert better <= known


def test_what_translates_is_called_by_its_name_or_underscore() -> None:
    """A string behind another name would not be gathered, so nobody would miss its Thai."""
    other = re.compile(r"from django\.utils\.translation import .*\bas (?!_$|_,)\w+", re.MULTILINE)
    found = [str(path) for path in sources(settings.BASE_DIR) if other.search(path.read_text(encoding="utf-8"))]
    assert found == []
    assert other.search("from django.utils.translation import gettext as lazy")


# --- how strings are found and kept, on a project of four files -------------------------------------------------------
PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, gettext_noop, ngettext, ngettext_lazy, npgettext
_("plain")
_("in "
  "two parts")
gettext_lazy("lazy")
gettext_noop("noop")
ngettext("%(n)d day", "%(n)d days", n)
ngettext_lazy("%d file", "%d files", "n")
pgettext("month", "May")
pgettext_lazy("verb", "May")
npgettext("tree", "%d leaf", "%d leaves", n)
# Translators: said to staff
_("with a remark")
_(variable)
"""
TEMPLATE = """{% load i18n %}
    {% translate "tag" %} {% translate "as a variable" as title %} {% translate "Order" context "verb" %}
{% if x %}
  {% blocktranslate trimmed with name=user.name %}
    Hello {{ name }},
    welcome
  {% endblocktranslate %}
  {% blocktranslate trimmed count n=total context "list" %}
    one of {{ n }} row
  {% plural %}
    {{ n }} rows, 100%
  {% endblocktranslate %}
{% endif %}
{% include "x.html" with title=_("in a tag") %} {{ _("in a variable, 5%") }} {{ x|default:_("in a filter") }}
{% comment %}{% translate "not this" %}{% endcomment %}{# {% translate "nor this" %} #}
<p>it's (not "a string</p>
"""
FOUND = [
    (None, "%(n)d day"),
    (None, "%d file"),
    ("tree", "%d leaf"),
    (None, "Hello %(name)s, welcome"),
    ("month", "May"),
    ("verb", "May"),
    ("verb", "Order"),
    (None, "as a variable"),
    (None, "in a filter"),
    (None, "in a tag"),
    (None, "in a variable, 5%%"),
    (None, "in two parts"),
    (None, "lazy"),
    (None, "noop"),
    ("list", "one of %(n)s row"),
    (None, "plain"),
    (None, "tag"),
    (None, "with a remark"),
]


@pytest.fixture
def project(tmp_path: Path, settings: Any) -> Path:
    (tmp_path / "govlab" / "migrations").mkdir(parents=True)
    (tmp_path / "govlab" / "things.py").write_text(PYTHON)
    (tmp_path / "govlab" / "migrations" / "0001.py").write_text('_("of a migration")')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "templates" / "letter.txt").write_text('{% load i18n %}{% translate "plain" %}')
    settings.BASE_DIR = tmp_path
    return tmp_path


def run(*options: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("messages", *options, stdout=out)
    return out.getvalue()


def translate(project: Path, texts: dict[str, str]) -> None:
    """Write Thai into the po file as a translator would, by the English singular."""
    path = build(project).po_path
    po = path.read_text()
    for source, text in texts.items():
        po = re.sub(rf'(msgid "{re.escape(source)}"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])?) ".*"', rf'\1 "{text}"', po)
    path.write_text(po)


def test_every_kind_of_string_is_found_once(project: Path) -> None:
    assert sorted(
        (entry.id if isinstance(entry.id, str) else entry.id[0], entry.context or "")
        for entry in entries(build(project).catalogue)
    ) == sorted((text, context or "") for context, text in FOUND)


def test_the_po_file_names_files_without_lines_and_keeps_remarks(project: Path) -> None:
    run()
    po = build(project).po_path.read_text()
    assert '#: govlab/things.py templates/letter.txt\nmsgid "plain"\nmsgstr ""\n' in po
    assert '#. Translators: said to staff\n#: govlab/things.py\nmsgid "with a remark"\n' in po
    assert 'msgctxt "list"\nmsgid "one of %(n)s row"\nmsgid_plural "%(n)s rows, 100%%"\nmsgstr[0] ""\n' in po
    assert '"Plural-Forms: nplurals=1; plural=0;\\n"' in po
    assert "Date" not in po
    ids = re.findall(r'^msgid "(.+)"$', po, re.MULTILINE)
    assert ids == sorted(ids)


def test_the_same_input_gives_the_same_bytes(project: Path) -> None:
    run()
    translate(project, {"plain": "ธรรมดา", "%(n)d day": "%(n)d วัน"})
    run()
    first = build(project).po_path.read_bytes(), build(project).mo_path.read_bytes()
    run()
    assert (build(project).po_path.read_bytes(), build(project).mo_path.read_bytes()) == first


def test_translations_are_kept_and_compiled_and_nothing_is_guessed(project: Path) -> None:
    run()
    translate(project, {"plain": "ธรรมดา", "%(n)d day": "%(n)d วัน", "lazy": "ขี้เกียจ"})
    source = project / "govlab" / "things.py"
    source.write_text(PYTHON.replace('"lazy"', '"lazier"').replace('_("plain")', 'ngettext("plain", "plains", 2)'))
    assert "18 strings, 16 without Thai" in run()
    with build(project).mo_path.open("rb") as file:
        compiled = GNUTranslations(file)
    assert compiled.ngettext("plain", "plains", 2) == "ธรรมดา"
    assert compiled.ngettext("%(n)d day", "%(n)d days", 1) == "%(n)d วัน"
    assert compiled.gettext("lazier") == "lazier"
    assert "ขี้เกียจ" not in build(project).po_path.read_text()


def test_a_translation_marked_fuzzy_by_hand_counts_as_missing(project: Path) -> None:
    run()
    path = build(project).po_path
    path.write_text(path.read_text().replace('msgid "lazy"\nmsgstr ""', '#, fuzzy\nmsgid "lazy"\nmsgstr "ขี้เกียจ"'))
    assert "'lazy'" in run()
    assert "#, fuzzy" in path.read_text()


def test_check_changes_nothing_and_fails_on_what_is_missing(project: Path) -> None:
    with pytest.raises(CommandError, match=r"django\.po is stale"):
        run("--check")
    assert not build(project).po_path.exists()
    run()
    with pytest.raises(CommandError, match=r"^18 without Thai"):
        run("--check")
    translate(project, {text: "ไทย" for _context, text in FOUND})
    with pytest.raises(CommandError, match=r"^django\.mo is stale"):
        run("--check")
    run()
    assert run("--check") == "18 strings, 0 without Thai\n"


def test_a_tag_inside_a_translation_is_refused_with_its_file(project: Path) -> None:
    (project / "templates" / "bad.html").write_text(
        "{% load i18n %}{% blocktranslate %}{% if a %}{% endblocktranslate %}"
    )
    with pytest.raises(CommandError, match=r"templates/bad\.html: Translation blocks must not"):
        run()


@pytest.mark.parametrize(
    ("source", "text", "fault"),
    [
        ("%(n)s rows", "%(m)s แถว", "other placeholders than the English"),
        ("{n} rows", "แถว", "other placeholders than the English"),
        ("%d rows", "%s แถว", "other placeholders than the English"),
        ("a row", "แถว ", "a space at an end"),
        ("a row", "\nแถว", "a space at an end"),
        ("a row", "เเถว", "two sara e for a sara ae"),
        ("a row", "แถว...", "three full stops for …"),
        ("50%% of %(n)s", "%(n)s แถว 50%%", None),
        (("%(n)s row", "%(n)s rows"), ("%(n)s แถว",), None),
        (("one row", "%(n)s rows"), ("แถว",), "other placeholders than the English"),
    ],
)
def test_a_fault_in_the_thai_is_found(source: Any, text: Any, fault: str | None) -> None:
    message = ThaiCatalogue().add(source, text)
    assert faults_of(message) == ([fault] if fault else [])
