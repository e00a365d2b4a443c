"""The house stands as HOUSE.md draws it: imports point down, doors do not cross, nothing grows past 300 lines."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("govlab", "agencies", "projects")
DOORS = ("public", "workspace", "desk", "api", "account", "commands")
BETWEEN = (
    "forms",
    "filters",
    "facets",
    "following",
    "events",
    "delivering",
    "happened",
    "heads",
    "described",
    "news",
    "portfolio",
    "search",
    "timeline",
    "ledger",
    "ledger_filters",
    "ledger_words",
    "charts",
    "ageing",
    "exchange",
    "documents",
    "templatetags",
    "countries",
    "calls",
    "earlier",
    "kinds",
    "asking",
    "answering",
)
"""What doors share: rooms of the project between the doors and the rules."""
TOOLS_FOR_RULES = ("history", "records", "thai", "letters", "files", "models", "workdays", "addresses", "calling")
LONGEST = 300

Files = dict[str, str]
"""The tree: each file's text by its path below the root."""


def tree(*endings: str) -> Files:
    """What stands in the tree: the portal and its templates."""
    found = [path for top in (*OURS, "templates") for path in sorted((ROOT / top).rglob("*")) if path.is_file()]
    return {str(path.relative_to(ROOT)): path.read_text() for path in found if path.name.endswith(endings)}


def of_the_portal(files: Files) -> Files:
    """The portal's own Python: no tests, no migrations."""
    return {p: text for p, text in files.items() if p.startswith(OURS) and "/migrations/" not in p}


# --- who imports whom ------------------------------------------------------------------------------------------------
def module_of(path: str) -> str:
    """govlab/urls.py is govlab.urls, projects/models/__init__.py is projects.models."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def imports(path: str, text: str, known: set[str]) -> Iterator[tuple[str, int]]:
    """Each module a file imports, with the line; of `from a import b` the module a.b where there is one, else a."""
    package = module_of(path) if path.endswith("__init__.py") else module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                below = f"{base}.{alias.name}"
                yield (below if below in known else base), node.lineno


def room_of(module: str) -> tuple[str, str]:
    """App and room of a module of ours: ("projects", "rules"), ("govlab", "history")."""
    words = module.split(".")
    room = words[1] if len(words) > 1 else ""
    return words[0], "commands" if room in ("management", "tasks") and words[0] != "govlab" else room


def may_import(importer: str, imported: str) -> bool:
    """Whether the diagram of HOUSE.md lets one module of ours import the other."""
    (app, room), (other_app, other_room) = room_of(importer), room_of(imported)
    if (app, room) == ("govlab", "urls"):
        return True  # the front hall
    if (app, other_app) in (("agencies", "projects"), ("govlab", "agencies"), ("govlab", "projects")):
        return False
    if app == "govlab" or (app, room) == (other_app, other_room):
        return (other_app, other_room) != ("govlab", "urls")
    tools = other_app == "govlab" and other_room != "urls"
    if room in DOORS:
        # A door of projects may stand on the same door of agencies, never on another door.
        return tools or other_room == room or other_room not in DOORS
    if room in BETWEEN:
        return tools or other_room in (*BETWEEN, "rules", "models", "access")
    if room == "rules":
        return (tools and other_room in TOOLS_FOR_RULES) or other_room in ("rules", "models", "access")
    if (app, room) == ("agencies", "doors"):
        return tools or other_room in ("access", "models")
    if (app, room) == ("agencies", "access"):
        return tools or other_room == "models"
    if room == "models":
        return tools or other_room == "models" or (app, other_room) == ("projects", "access")
    return tools or (other_room == "models" and room != "apps")  # a plain module of an app: tools and models


def wrong_imports(files: Files) -> list[str]:
    """Imports that do not point down."""
    files = of_the_portal(files)
    known = {module_of(path) for path in files}
    return [
        f"{path}:{line}: {imported}"
        for path, text in files.items()
        for imported, line in imports(path, text, known)
        if imported.split(".")[0] in OURS and not may_import(module_of(path), imported)
    ]


UNSEEN = (
    *("django.http", "django.forms", "django.shortcuts", "django.template", "django.views", "django.urls"),
    *("django.contrib.messages", "rest_framework", "django_filters", "drf_spectacular", "allauth"),
)
"""What belongs to doors: requests, forms, serializers, templates."""


def strangers_in_rooms(files: Files) -> list[str]:
    """Rules and models that see a request, a form, a serializer or a template."""
    return [
        f"{path}:{line}: {imported}"
        for path, text in of_the_portal(files).items()
        for imported, line in imports(path, text, {*UNSEEN})
        if room_of(module_of(path))[1] in ("rules", "models", "access")
        and f"{imported}.".startswith(tuple(f"{name}." for name in UNSEEN))
    ]


def hidden_imports(files: Files) -> list[str]:
    """Imports inside a function or a method, where no reader and no check looks for them."""
    return [
        f"{path}:{node.lineno}"
        for path, text in of_the_portal(files).items()
        for outer in ast.walk(ast.parse(text))
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(outer)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        or (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in ("__import__", "import_module", "importlib.import_module")
        )
    ]


def cycles(files: Files) -> list[str]:
    """Modules that import each other, directly or by way of others."""
    files = of_the_portal(files)
    known = {module_of(path) for path in files}
    graph = {module_of(p): {name for name, _ in imports(p, text, known)} & known for p, text in files.items()}
    done: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> Iterator[str]:
        if module in trail:
            yield " → ".join([*trail[trail.index(module) :], module])
        elif module not in done:
            for below in sorted(graph[module]):
                yield from walk(below, (*trail, module))
            done.add(module)

    return [cycle for module in sorted(graph) for cycle in walk(module, ())]


# --- how files are written -------------------------------------------------------------------------------------------
def long_files(files: Files) -> list[str]:
    """Python files of the portal over 300 lines."""
    lengths = {path: len(text.splitlines()) for path, text in of_the_portal(files).items()}
    return [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST]


def drawers(files: Files) -> list[str]:
    """Files and folders that say nothing about what is in them."""
    names = {"utils", "util", "helpers", "helper", "mixins", "mixin", "common", "misc", "shared"}
    return [path for path in files if names & {part.removesuffix(".py") for part in path.split("/")}]


def open_fields(files: Files) -> list[str]:
    """Forms, serializers and filters that do not name their fields."""
    return [
        f"{path}:{node.lineno}"
        for path, text in of_the_portal(files).items()
        for outer in ast.walk(ast.parse(text))
        if isinstance(outer, ast.ClassDef)
        for node in outer.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
        and (
            target.id == "exclude"
            or (target.id == "fields" and "__all__" in ast.unparse(node).replace("ALL_FIELDS", "__all__"))
        )
    ] + [
        f"{path}:{node.lineno}"
        for path, text in of_the_portal(files).items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("form_factory")
        if any(word.arg == "exclude" or ast.unparse(word.value) == "'__all__'" for word in node.keywords)
    ]


DANGERS = {
    ".py": re.compile(
        r"\b(mark_safe|csrf_exempt|RawSQL|SafeString\(|SafeText|\w+_unsafe)\b|\.extra\(|\.raw\(|objects\.update_or_create\("
        r"|bulk_create\(|bulk_update\(|\b(eval|exec)\(|@receiver|shell=True|verify=False"
    ),
    ".html": re.compile(
        r"\|\s*safe(seq)?\b|\bautoescape\b|\bstyle=|<style|<script(?![^>]*\bsrc=)|\son\w+=|\{%\s*csrf_exempt"
    ),
}


def dangers(files: Files) -> list[str]:
    """What lets text become markup, a foreign form be taken, a query be a string, a change go without history."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in files.items()
        if path.endswith(".html") or path in of_the_portal(files)
        for number, line in enumerate(text.splitlines(), 1)
        for danger in DANGERS[Path(path).suffix].finditer(line)
        if danger[0] not in REASONED.get(path, ())
    ]


REASONED = {
    # No change of a record: columns that follow from others, when a token was last used, the index of the search.
    "govlab/history.py": ("bulk_update(", "bulk_create("),
    "agencies/api/tokens.py": ("bulk_update(",),
    "govlab/finding.py": ("bulk_create(",),
    # The rows of the history of many changes at once, as `keep` would write them; what a preview says of a file.
    "govlab/together.py": ("bulk_create(",),
    "projects/rules/imports.py": ("bulk_create(", "bulk_update("),
    # Fills a database of its own for measuring.
    "projects/management/commands/make_big.py": ("bulk_create(",),
    # Agencies below agencies, however deep: one fixed query, the key is a parameter.
    "agencies/models/agencies.py": ("RawSQL",),
    # Data for other programs, as JSON: "<", ">" and "&" are written otherwise in it.
    "projects/templatetags/sharing.py": ("mark_safe",),
    # Visitors have no cookie: their forms are guarded by where they come from (govlab/visitors.py), what they follow by
    # the secret of a letter, which a mail program may send too (RFC 8058).
    "agencies/doors.py": ("csrf_exempt",),
    # Counts looks at a page: a number, no record.
    "projects/rules/seen.py": (),
}
"""Where each danger is meant, and why it is none there."""


def unrecorded(files: Files) -> list[str]:
    """`rows.update(state=...)`, which no history records."""
    return [
        f"{path}:{node.lineno}"
        for path, text in of_the_portal(files).items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"
        if node.keywords and not node.args and path not in REASONED
    ]


def busy_models(files: Files) -> list[str]:
    """Models with logic in `save` or `delete`: what happens belongs to rules, which say who did it."""
    return [
        f"{path}:{node.lineno}: {node.name}"
        for path, text in of_the_portal(files).items()
        if "models" in path.split("/") or path.endswith(("/models.py", "/records.py"))
        for outer in ast.walk(ast.parse(text))
        if isinstance(outer, ast.ClassDef)
        for node in outer.body
        if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete")
    ]


CHECKS: tuple[Callable[[Files], list[str]], ...] = (
    wrong_imports,
    strangers_in_rooms,
    hidden_imports,
    cycles,
    long_files,
    drawers,
    open_fields,
    dangers,
    unrecorded,
    busy_models,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_in_order(check: Callable[[Files], list[str]]) -> None:
    assert check(tree(".py", ".html")) == []


def test_the_checks_look_at_the_whole_house() -> None:
    seen = of_the_portal(tree(".py", ".html"))
    assert {"govlab/urls.py", "agencies/access.py", "projects/rules/updates.py", "projects/desk/cohorts.py"} <= set(
        seen
    )
    assert {room for _app, room in map(room_of, map(module_of, seen))} >= {
        "rules",
        "models",
        "desk",
        "access",
        "commands",
    }


# --- each check catches what it is there for -------------------------------------------------------------------------
LONG = "x = 1\n" * 301
MODEL = "class Agency:\n    pass\n"
CAUGHT: list[tuple[Callable[[Files], list[str]], Files]] = [
    (wrong_imports, {"agencies/rules/a.py": "from projects.models import Project"}),
    (wrong_imports, {"govlab/thai.py": "import agencies.models"}),
    (wrong_imports, {"govlab/doors.py": "from agencies.access import is_desk"}),
    (wrong_imports, {"agencies/doors.py": "from govlab.urls import urlpatterns"}),
    (wrong_imports, {"agencies/models/a.py": "from agencies.access import is_desk"}),
    (wrong_imports, {"agencies/access.py": "from agencies.rules import people"}),
    (wrong_imports, {"agencies/doors.py": "from agencies.rules import people"}),
    (wrong_imports, {"projects/models/a.py": "from projects.rules import updates"}),
    (wrong_imports, {"projects/models/a.py": "from ..rules import updates"}),
    (wrong_imports, {"projects/models/a.py": "from agencies.doors import Door"}),
    (wrong_imports, {"projects/rules/a.py": "from projects.desk.updates import UpdateForm"}),
    (wrong_imports, {"projects/rules/a.py": "from projects import forms"}),
    (wrong_imports, {"projects/rules/a.py": "from projects import forms", "projects/forms/__init__.py": ""}),
    (wrong_imports, {"projects/rules/a.py": "import projects.search"}),
    (wrong_imports, {"projects/rules/a.py": "from agencies.doors import DeskDoor"}),
    (wrong_imports, {"projects/rules/a.py": "from govlab.doors import RuleForm"}),
    (wrong_imports, {"projects/rules/a.py": "from govlab.api import Conflict"}),
    (wrong_imports, {"projects/rules/a.py": "from govlab.fields import ThaiDateField"}),
    (wrong_imports, {"projects/forms/a.py": "from projects.workspace import updates"}),
    (wrong_imports, {"projects/search.py": "from projects.public.search import Search"}),
    (wrong_imports, {"projects/filters.py": "from agencies.doors import PublicDoor"}),
    (wrong_imports, {"projects/desk/a.py": "from projects.workspace.updates import Form"}),
    (wrong_imports, {"projects/api/a.py": "from projects.public import projects"}),
    (wrong_imports, {"projects/public/a.py": "import projects.desk.projects"}),
    (wrong_imports, {"projects/workspace/a.py": "from agencies.desk.people import Form"}),
    (wrong_imports, {"projects/management/commands/a.py": "from projects.desk import projects"}),
    (wrong_imports, {"projects/tasks.py": "from projects.api import projects"}),
    (strangers_in_rooms, {"projects/rules/a.py": "from django.http import HttpRequest"}),
    (strangers_in_rooms, {"projects/rules/a.py": "from django import forms"}),
    (strangers_in_rooms, {"projects/rules/a.py": "import rest_framework.serializers"}),
    (strangers_in_rooms, {"agencies/rules/a.py": "from django.template.loader import render_to_string"}),
    (strangers_in_rooms, {"projects/models/a.py": "from django.shortcuts import render"}),
    (hidden_imports, {"projects/rules/a.py": "def f():\n    from projects.models import Project\n"}),
    (hidden_imports, {"projects/rules/a.py": "class A:\n    async def f(self):\n        import json\n"}),
    (hidden_imports, {"projects/rules/a.py": "def f():\n    import_module('projects.desk')\n"}),
    (cycles, {"govlab/a.py": "from govlab import b", "govlab/b.py": "import govlab.a"}),
    (cycles, {"govlab/a.py": "from . import b", "govlab/b.py": "from .c import x", "govlab/c.py": "from .a import y"}),
    (long_files, {"projects/rules/a.py": LONG}),
    (drawers, {"projects/utils.py": ""}),
    (drawers, {"projects/desk/helpers.py": ""}),
    (drawers, {"agencies/mixins.py": ""}),
    (drawers, {"projects/common/a.py": ""}),
    (drawers, {"templates/common/a.html": ""}),
    (open_fields, {"projects/desk/a.py": 'class A:\n    class Meta:\n        fields = "__all__"\n'}),
    (open_fields, {"projects/desk/a.py": "class A:\n    class Meta:\n        fields = forms.ALL_FIELDS\n"}),
    (open_fields, {"projects/api/a.py": 'class A:\n    class Meta:\n        exclude = ["state"]\n'}),
    (open_fields, {"projects/api/a.py": 'class A:\n    class Meta:\n        exclude: list = ["state"]\n'}),
    (open_fields, {"projects/desk/a.py": 'F = modelform_factory(A, exclude=["state"])'}),
    (open_fields, {"projects/desk/a.py": 'F = forms.modelform_factory(A, fields="__all__")'}),
    (dangers, {"govlab/a.py": "return mark_safe(text)"}),
    (dangers, {"govlab/a.py": "@csrf_exempt"}),
    (dangers, {"projects/search.py": "RawSQL('1', [])"}),
    (dangers, {"projects/search.py": "rows.extra(where=['1'])"}),
    (dangers, {"projects/search.py": "Project.objects.raw('SELECT')"}),
    (dangers, {"projects/rules/a.py": "Project.objects.bulk_update(rows, ['state'])"}),
    (dangers, {"projects/rules/a.py": "@receiver(post_save)"}),
    (dangers, {"templates/a.html": "{{ text|safe }}"}),
    (dangers, {"templates/a.html": "{{ text | safe }}"}),
    (dangers, {"templates/a.html": "{% autoescape off %}"}),
    (dangers, {"templates/a.html": '<p style="color: red">'}),
    (dangers, {"templates/a.html": "<script>go()</script>"}),
    (dangers, {"templates/a.html": '<a onclick="go()">'}),
    (unrecorded, {"projects/rules/a.py": "Project.objects.filter(pk=1).update(state=HIDDEN)"}),
    (unrecorded, {"projects/rules/a.py": "Project.objects.update(**answers)"}),
    (busy_models, {"projects/models/a.py": "class A:\n    def save(self):\n        pass\n"}),
]


@pytest.mark.parametrize(("check", "files"), CAUGHT, ids=lambda value: getattr(value, "__name__", None))
def test_what_a_check_is_there_for_is_caught(check: Callable[[Files], list[str]], files: Files) -> None:
    rooms = {"agencies/models/__init__.py": MODEL, "agencies/access.py": "", "projects/rules/__init__.py": ""}
    assert len(check({**rooms, **files})) == 1


FINE: Files = {
    "projects/models/__init__.py": "from projects.models.a import A",
    "projects/models/a.py": """
from agencies.access import is_desk
from agencies.models import Agency
from govlab.thai import pick
""",
    "projects/rules/a.py": """
from agencies.access import is_desk
from agencies.rules import records
from govlab import letters
from govlab.history import keep
from projects.models import A
from projects.rules import b
""",
    "projects/rules/b.py": "",
    "projects/forms/a.py": """
from django import forms
from govlab.fields import ThaiDateField
from projects.models import A
""",
    "projects/desk/a.py": """
from agencies.desk.people import P
from agencies.doors import DeskDoor
from projects.filters import F
from projects.forms.a import Form
from projects.rules import a
rows = A.objects.exclude(pk=1)
kept.update({"a": 1})
""",
    "projects/management/commands/a.py": "from projects.exchange import facts\nfrom projects.rules import a",
    "agencies/api/tokens.py": "from agencies.rules.tokens import digest",
    "agencies/access.py": "from agencies.models import Agency",
    "agencies/models/__init__.py": "",
    "agencies/rules/records.py": "",
    "govlab/urls.py": "import projects.desk.urls\nimport agencies.api.urls",
    "govlab/letters.py": "from django.template import Engine",
    "templates/a.html": '<script src="/static/a.js"></script> {{ text }} <p class="unsafe">safe</p>',
    "projects/migrations/0001_initial.py": LONG,
    "tests/rules/test_a.py": LONG,
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_is_in_order_passes(check: Callable[[Files], list[str]]) -> None:
    assert check(FINE) == []
