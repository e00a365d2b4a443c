"""Fills a database with many records of varied text, marked as demonstration, for measuring."""

import itertools
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, models, transaction
from django.utils import timezone

from agencies.models import Agency
from govlab import edition, finding, trigrams
from govlab.fields import random_id
from projects.exchange import facts
from projects.exchange.big import Grammar
from projects.models import (
    AgendaItem,
    Cohort,
    Facet,
    Innovation,
    InnovationType,
    Lab,
    Meeting,
    ProgressUpdate,
    Project,
    ProjectAgency,
    Resolution,
    ServiceField,
    Stage,
)
from projects.models.provinces import PROVINCES
from projects.models.stages import current_stage

FIRST_YEAR, PER_YEAR = 2563, 999
"""Codes have three digits: so many projects of one cohort at most. The facts have 2561 and 2562."""
BATCH = 2000
FIRST_DAY = date(2020, 1, 6)


class Command(BaseCommand):
    """`manage.py make_big --projects N`."""

    help = "Fill the database with N projects and what belongs to them, marked as demonstration, for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, from which seed, and whether a database in use may be filled."""
        parser.add_argument("--projects", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--yes", action="store_true", help="also where people have written records of their own")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes everything in batches, says how far it is."""
        if not 1 <= options["projects"] <= (2699 - FIRST_YEAR + 1) * PER_YEAR:
            raise CommandError("--projects: a number from 1 to 136,863")
        if Cohort.objects.filter(year=FIRST_YEAR).exists():
            raise CommandError("This database has been filled before, or has a cohort of its own in 2563.")
        robot = facts.robot()
        own = Project.history.filter(history_type="+").exclude(history_user=robot).exclude(demo=True)
        if own.exists() and not options["yes"]:
            raise CommandError("People have written records here. Say --yes to mix them with demonstration data.")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
        began = time.monotonic()
        trigrams.take_down(connection)
        self.fill(options["projects"], Grammar(options["seed"]), robot)
        with transaction.atomic():
            edition.move_on()
        trigrams.set_up(connection)
        trigrams.settle(connection)
        self.stdout.write(f"make_big: {options['projects']} projects in {time.monotonic() - began:.0f} s")

    def fill(self, number: int, grammar: Grammar, robot: Any) -> None:
        """Agencies and cohorts, then projects with their parts, meetings, innovations."""
        chance = grammar.chance
        self.agencies = keep(
            Agency(key=f"big-{n}", name_th=said.th, name_en=said.en, demo=True)
            for n, said in enumerate(grammar.agencies(), 1)
        )
        years = [FIRST_YEAR + n for n in range((number - 1) // PER_YEAR + 1)]
        self.cohorts = {row.year: row for row in keep(Cohort(year=year, demo=True) for year in years)}
        self.fields: list[ServiceField | None] = [*ServiceField.objects.all()] or [None]
        self.many: dict[Any, list[Any]] = {model: list(model.objects.all()) for model in (InnovationType, Lab, Facet)}
        self.robot = robot
        numbers = range(number)
        for start in self.progress(range(0, number, BATCH), "projects"):
            projects = keep(self.project(n, grammar) for n in numbers[start : start + BATCH])
            self.parts(projects, grammar)
        for start in self.progress(range(0, number // 10, BATCH), "innovations"):
            rows = keep(self.innovation(grammar) for _n in range(start, min(start + BATCH, number // 10)))
            self.tag(rows, "types", InnovationType, chance)
        for start in self.progress(range(0, number // 50, 200), "meetings"):
            self.meetings(range(start, min(start + 200, number // 50)), grammar)

    def project(self, n: int, grammar: Grammar) -> Project:
        """One project, with its story in part."""
        chance, title = grammar.chance, grammar.title()
        year = FIRST_YEAR + n // PER_YEAR
        english = chance.random() < 0.3
        focus, problem = grammar.text(1), grammar.text(2)
        row = Project(
            code=f"GL{year}-{n % PER_YEAR + 1}",
            cohort=self.cohorts[year],
            title_th=title.th[:300],
            title_en=title.en[:300] if english else "",
            field=chance.choice(self.fields),
            focus_th=focus.th,
            focus_en=focus.en if english else "",
            problem_th=problem.th,
            problem_en=problem.en if english else "",
            province=chance.choice(PROVINCES)[0] if chance.random() < 0.6 else "",
            state="published",
            demo=True,
        )
        row.done = chance.randrange(-1, 5)  # type: ignore[attr-defined]
        row.current_stage = current_stage(states(row.done))  # type: ignore[attr-defined]
        return row

    def parts(self, projects: list[Project], grammar: Grammar) -> None:
        """The stages, agencies, tags and some updates of projects, and what the search knows of them all."""
        chance = grammar.chance
        for name, model in (("types", InnovationType), ("labs", Lab), ("facets", Facet)):
            self.tag(projects, name, model, chance)
        keep(
            Stage(project=row, number=number, state=state, demo=True)
            for row in projects
            for number, state in enumerate(states(row.done), 1)  # type: ignore[attr-defined]
        )
        owners = [(row, chance.choice(self.agencies)) for row in projects]
        keep(ProjectAgency(project=row, agency=agency, demo=True) for row, agency in owners)
        updates = keep(
            ProgressUpdate(
                id=random_id(),
                project=row,
                agency=agency,
                author=self.robot,
                state="approved",
                happened_on=FIRST_DAY + timedelta(chance.randrange(2000)),
                title=grammar.step().th[:200],
                text=grammar.text(3).th,
                reviewed_at=timezone.now(),
                demo=True,
            )
            for row, agency in owners
            if chance.random() < 0.2
        )
        finding.refresh(prefetched(projects))
        finding.refresh(updates)

    def innovation(self, grammar: Grammar) -> Innovation:
        """One entry of the library."""
        title, about = grammar.title(), grammar.text(2)
        agency = grammar.chance.choice(self.agencies)
        english = grammar.chance.random() < 0.3
        return Innovation(
            title_th=f"ต้นแบบ{title.th}"[:300],
            title_en=title.en if english else "",
            about_th=about.th,
            agency=agency,
            country="TH",
            state="published",
            demo=True,
        )

    def meetings(self, numbers: Iterable[int], grammar: Grammar) -> None:
        """Meetings with two items each, two resolutions at each."""
        rows = keep(
            Meeting(
                key=f"big-{n}",
                kind="workshop",
                title_th=f"ประชุมเชิงปฏิบัติการ {grammar.title().th}"[:300],
                starts_on=FIRST_DAY + timedelta(n % 2500),
                place_th=grammar.place().th,
                phase="held",
                state="published",
                demo=True,
            )
            for n in numbers
        )
        items = keep(
            AgendaItem(meeting=row, number=str(n), position=n, title_th=grammar.title().th[:500], demo=True)
            for row in rows
            for n in (1, 2)
        )
        texts = (f"เห็นชอบ{grammar.title().th}" for _n in itertools.count())
        resolutions = keep(
            Resolution(
                meeting=item.meeting, item=item, number=f"{item.number}.{n}", position=n, text_th=next(texts), demo=True
            )
            for item in items
            for n in (1, 2)
        )
        finding.refresh([*rows, *prefetched(resolutions)])

    def tag(self, rows: list[Any], name: str, model: Any, chance: Any) -> None:
        """One or none of a short list for each row."""
        through = getattr(type(rows[0]), name).through if rows else None
        own, other = (type(rows[0])._meta.model_name, model._meta.model_name) if rows else ("", "")
        if through and self.many[model]:
            links = [
                through(**{f"{own}_id": row.pk, f"{other}_id": chance.choice(self.many[model]).pk})
                for row in rows
                if chance.random() < 0.7
            ]
            through.objects.bulk_create(links, BATCH)
        if rows and model is InnovationType and type(rows[0]) is Innovation:
            finding.refresh(prefetched(rows))

    def progress(self, steps: range, what: str) -> Iterator[int]:
        """The steps, with a bar where somebody looks on."""
        for done, step in enumerate(steps):
            yield step
            part = (done + 1) / len(steps)
            if sys.stderr.isatty() or done + 1 == len(steps):
                bar = "█" * int(part * 30)
                self.stderr.write(f"\r{what:<12} {bar:<30} {part:>4.0%}", ending="" if part < 1 else "\n")


def states(done: int) -> list[str]:
    """The states of the four stages when so many are done; -1: nothing is known."""
    if done < 0:
        return ["unknown"] * 4
    return [*["done"] * done, *["in_progress", "not_started", "not_started", "not_started"]][:4]


def keep(rows: Iterable[Any]) -> list[Any]:
    """Writes new rows without a history, in batches; what follows from their columns is put in."""
    made = list(rows)
    for row in made:
        if hasattr(row, "search_text"):
            row.clean()
    if made:
        type(made[0])._base_manager.bulk_create(made, BATCH)
        if type(made[0]) is Agency:
            finding.refresh(made)
    return made


def prefetched(rows: list[Any]) -> list[Any]:
    """The rows with what their entries tell of other records."""
    if rows:
        models.prefetch_related_objects(rows, *type(rows[0]).found_with)
    return rows
