"""How often a project's page is looked at: one number for each day, and of whom nothing."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from projects.models import Project, Seen


def count(project: Project, *, by: None = None, on: date) -> None:
    """Counts one look at the project's page on this day (Bangkok's), however many are counted at the same moment.

    It raises no edition: pages show the days that are over, and those no longer change.
    """
    today = Seen.objects.filter(project=project, on=on)
    if today.update(times=F("times") + 1):
        return
    try:
        with transaction.atomic():
            Seen.objects.create(project=project, on=on, times=1)
    except IntegrityError:  # another visitor was the first of the day
        today.update(times=F("times") + 1)
