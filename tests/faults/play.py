"""Plays the trials on the portal that the environment names; started by `python -m tests.faults`."""

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import django

django.setup()

from django.utils import timezone  # noqa: E402

from agencies.models import Membership, Role, User  # noqa: E402
from agencies.rules import tokens  # noqa: E402
from govlab import outbox  # noqa: E402
from govlab.files import address  # noqa: E402
from govlab.models import Letter  # noqa: E402
from projects.models import ProgressUpdate, ProjectAgency  # noqa: E402
from tests.faults import trials  # noqa: E402
from tests.faults.trials import PASSWORD, Figures, Stage  # noqa: E402


class Trial(NamedTuple):
    """A fault, what it must come to, and what shows that the naive twin fails it."""

    run: Callable[..., Figures]
    good: dict[str, Any]
    bad: Callable[[Figures], bool]


TRIALS = {
    "kills": Trial(
        trials.kills,
        {"lost": 0, "doubled": 0, "half kept": 0, "letters missing": 0},
        lambda found: found["doubled"] > 0,
    ),
    "sixteen": Trial(
        trials.sixteen,
        {"reports by API": 1, "reports by form": 1},
        lambda found: found["reports by API"] > 1 and found["reports by form"] > 1,
    ),
    "overwrites": Trial(trials.overwrites, {"savings": 200, "overwritten": 0}, lambda found: found["overwritten"] > 0),
    "lock": Trial(
        trials.lock,
        {"status": 503, "text kept": True, "saved afterwards": True},
        lambda found: found["status"] != 503 or found["seconds"] > 3.5,
    ),
    "disk": Trial(
        trials.disk,
        {
            "API says": 507,
            "form says": 507,
            "text kept": True,
            "partial files": 0,
            "rows without their file": 0,
        },
        lambda found: found["partial files"] > 0 or found["rows without their file"] > 0,
    ),
}
SECONDS_TO_ANSWER = 3.5
LONG_ENOUGH = 20
"""Seconds of killing; the naive twin survives less by luck."""


def prepared(folder: Path, database: str, naive: bool, seconds: float) -> Stage:
    """A stage with the facts, an agency of four reporters whose lead passes reports on, and their tokens."""
    stage = Stage(folder, database, naive, seconds)
    part = ProjectAgency.objects.filter(agency__key="demo-a").select_related("project", "agency").first()
    assert part
    part.agency.lead_passes_on = True
    part.agency.save()
    stage.project = part.project.code
    for number in range(4):
        email = f"client{number}@govlab.test"
        person = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=email)
        Membership.objects.get_or_create(user=person, agency=part.agency, role=Role.REPORTER)
        stage.secrets.append(tokens.make(by=person, name=f"faults {timezone.now()}", days=1)[1])
    stage.email = "client0@govlab.test"
    return stage


def kept(marks: list[str]) -> Figures:
    """What the database and the disk hold of the reports that were acknowledged."""
    outbox.send_due(timezone.now() + timedelta(minutes=6))  # what a killed worker had in hand is taken again by then
    sent = b"".join(path.read_bytes() for path in (Path(os.environ["VAR_DIR"]) / "letters").glob("*"))
    lost = doubled = half = silent = 0
    for mark in marks:
        rows = list(ProgressUpdate.objects.filter(title=mark).prefetch_related("evidence"))
        lost += not rows
        doubled += len(rows) > 1
        for row in rows[:1]:
            files = list(row.evidence.all())
            sound = [hashlib.sha256(address(file.sha256).read_bytes()).hexdigest() == file.sha256 for file in files]
            half += row.state != "with_lead" or sound != [True]
        # The lead's letter names no report that staff have not been sent, only its address.
        told = Letter.objects.filter(text__contains=f"/updates/{rows[0].pk}/") if rows else []
        silent += not any(f"<letter-{letter.pk}@".encode() in sent for letter in told)
    return {"lost": lost, "doubled": doubled, "half kept": half, "letters missing": silent}


def judge(name: str, trial: Trial, found: Figures, naive: bool) -> list[str]:
    """What is wrong with these figures."""
    if not found:
        return []
    if naive:
        return [] if trial.bad(found) else [f"{name}: the naive twin passes, so the trial proves nothing"]
    wrong = [f"{name}: {what} is {found[what]}, not {good}" for what, good in trial.good.items() if found[what] != good]
    if found.get("seconds", 0) > SECONDS_TO_ANSWER:
        wrong.append(f"{name}: answered after {found['seconds']} s")
    return wrong


def main() -> int:
    """Plays the trials; the answer is the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trials", nargs="*", help=f"which ones: {', '.join(TRIALS)}; all unless named")
    parser.add_argument("--seconds", type=float, default=25, help="how long workers are killed")
    asked = parser.parse_args()
    wrong: list[str] = []
    for naive in (False, True):
        for name in asked.trials or TRIALS:
            if naive and name == "kills" and asked.seconds < LONG_ENOUGH:
                continue
            trial = TRIALS[name]
            stage = prepared(Path(os.environ["VAR_DIR"]), os.environ.get("DATABASE_URL", ""), naive, asked.seconds)
            began = time.monotonic()
            found = trial.run(stage, kept) if name == "kills" else trial.run(stage)
            who = "naive" if naive else "portal"
            words = ", ".join(f"{what} {figure}" for what, figure in found.items()) or "left out: needs root"
            print(f"{name:10} {who:6} {words}  ({time.monotonic() - began:.0f} s)", flush=True)
            wrong += judge(name, trial, found, naive)
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
