"""Excel templates to fill in: headings, lists to choose from, and a sheet that explains every column."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from govlab.thai import known_language, sort_key
from projects.exchange.books import DAY, HEAD, WIDTHS, cell_of, text_cell
from projects.exchange.columns import NATURAL_KEYS, Column
from projects.exchange.importing_intakes import INTAKES
from projects.models import Cohort, Meeting, Project

LISTS = "lists"
"""The hidden sheet with what there is to choose from."""
FILLED = 10_000
"""Down to this row cells offer their list."""
NEEDED = PatternFill("solid", start_color="FFFBE9C6")
LINE = Border(bottom=Side("medium", "FF2B3A55"))
WRAPPED = Alignment(wrap_text=True, vertical="top")
KINDS: dict[str, Any] = {
    "text": gettext_lazy("Text"),
    "address": gettext_lazy("Web address"),
    "whole": gettext_lazy("Whole number"),
    "decimal": gettext_lazy("Number"),
    "year": gettext_lazy("Buddhist year, such as 2564"),
    "date": gettext_lazy("Date, such as 23/11/2564 or 23 พ.ย. 2564"),
    "yes_no": gettext_lazy("Yes or no"),
    "code": gettext_lazy("One of the list, by name or code"),
    "codes": gettext_lazy("One or several of the list, by name or code, with a semicolon (;) between them"),
}
"""What is typed into a column of each kind."""
RULES: tuple[Any, ...] = (
    gettext_lazy("Fill in the first sheet, one row for each record. Columns may stand in any order or be deleted."),
    gettext_lazy("Columns with a yellow heading are needed for a new record."),
    gettext_lazy("An empty cell leaves what the portal has as it is. Type - to clear it."),
    gettext_lazy("A row whose code or name the portal knows changes that record; any other row adds a new one."),
    gettext_lazy(
        "Bring the file on the desk under “Bring in Excel”. You see what it would do before anything is written."
    ),
)


def template(table: str, person: Any, *, filled: bool = False, meeting: Meeting | None = None) -> Workbook:
    """The template of a kind of file in the active language; `filled` with the records that are there."""
    intake = INTAKES[table]
    columns = tuple(column for column in intake.columns() if column.offered)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(table))
    lists = _Lists(book)
    _head(sheet, columns)
    for number, column in enumerate(columns, 1):
        lists.offer(sheet, number, column)
    rows: Iterable[Any] = intake.rows(person, meeting) if filled else ()
    for row in rows:
        sheet.append([cell_of(sheet, column, column.value(row)) for column in columns])
    _explain(book.create_sheet(_("Explanations")), columns)
    lists.write()
    return book


def _sheet_name(table: str) -> str:
    names = {
        "projects": _("Projects"),
        "agencies": _("Agencies"),
        "indicators": _("Indicators"),
        "readings": _("Readings"),
        "innovations": _("Innovations"),
        "resolutions": _("Resolutions"),
    }
    return names[table][:31]


def _head(sheet: Any, columns: tuple[Column, ...]) -> None:
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 48
    cells = []
    for number, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = WIDTHS.get(column.kind, 12)
        if column.kind == "date":
            dimension.number_format = DAY[known_language()]
        cell = text_cell(sheet, str(column.label))
        cell.font, cell.border, cell.alignment = Font(bold=True), LINE, WRAPPED
        cell.fill = NEEDED if column.needed else HEAD
        cell.comment = Comment(note(column), _("GovLab"), height=120, width=260)
        cells.append(cell)
    sheet.append(cells)


def note(column: Column) -> str:
    """What to type into a column, for its heading's note."""
    parts = [str(KINDS[column.kind]), str(column.about)]
    if column.longest:
        parts.append(_("At most %(most)d characters") % {"most": column.longest})
    if column.needed:
        parts.append(_("Needed for a new record"))
    return "\n".join(filter(None, parts))


def _explain(sheet: Any, columns: tuple[Column, ...]) -> None:
    for number, width in enumerate((34, 24, 10, 78, 60), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    title = text_cell(sheet, _("How to fill in this file"))
    title.font = Font(bold=True, size=14)
    sheet.append([title])
    for rule in RULES:
        sheet.append([text_cell(sheet, f"• {rule}")])
    sheet.append([])
    heads = (_("Column"), _("Name for programs"), _("Needed"), _("What to type"), _("What it says"))
    cells = [text_cell(sheet, head) for head in heads]
    for cell in cells:
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, LINE
    sheet.append(cells)
    for column in columns:
        needed = _("Yes") if column.needed else ""
        texts = (str(column.label), column.name, needed, str(KINDS[column.kind]), str(column.about))
        row = [text_cell(sheet, text) for text in texts]
        for cell in row:
            cell.alignment = WRAPPED
        sheet.append(row)


class _Lists:
    """The hidden sheet: each list once, whatever many columns offer it."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.places: dict[str, int] = {}
        self.columns: list[list[str]] = []

    def offer(self, sheet: Any, number: int, column: Column) -> None:
        """Lets the cells of a column choose from its list; another entry is warned of, as codes are taken too."""
        if not (column.choices or column.names):
            return
        key = column.names.__name__ if column.names else column.name.partition("_")[2] or column.name
        if key not in self.places:
            self.places[key] = len(self.columns) + 1
            self.columns.append(_offered(column))
        place = self.places[key]
        entries = self.columns[place - 1]
        if not entries:
            return
        letter = get_column_letter(place)
        source = f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(entries)}"
        choice = DataValidation("list", formula1=source, allow_blank=True, errorStyle="warning")
        choice.showErrorMessage = column.kind == "code"
        choice.error = _("This is not in the list. A code is taken too, anything else is refused.")
        choice.errorTitle = _("Not in the list")
        own = get_column_letter(number)
        choice.add(f"{own}2:{own}{FILLED}")
        sheet.data_validations.append(choice)

    def write(self) -> None:
        """Writes the sheet, out of sight."""
        sheet = self.book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for number in range(max(map(len, self.columns), default=0)):
            row = [entries[number] if number < len(entries) else None for entries in self.columns]
            sheet.append([text and text_cell(sheet, text) for text in row])


def _offered(column: Column) -> list[str]:
    """What people choose from: labels, names where they are told apart by them, else codes."""
    if column.choices:
        return [str(label) for label in column.choices.values()]
    model: Any = column.names
    if model in (Cohort, Project):
        return [
            str(key)
            for key in model._default_manager.order_by(NATURAL_KEYS[model]).values_list(NATURAL_KEYS[model], flat=True)
        ]
    key = NATURAL_KEYS[model]
    name = "title" if hasattr(model, "title_th") else "name"
    language = known_language()
    rows = model._default_manager.values_list(key, f"{name}_{language}", f"{name}_th")
    names = [(own or thai or str(code), str(code)) for code, own, thai in rows]
    said = [text for text, _code in names]
    return sorted((code if said.count(text) > 1 else text for text, code in names), key=sort_key)
