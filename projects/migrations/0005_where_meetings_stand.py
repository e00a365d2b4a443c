"""Says of meetings that were kept before how far they are, and puts agendas in the order of their numbers."""

import re
import secrets

from django.db import migrations
from django.utils import timezone


def _key(number):
    return tuple((int(part), "") if part.isdigit() else (10**20, part) for part in re.findall(r"[0-9]+|[^0-9.]+", number))


def forwards(apps, schema_editor):
    """Whatever people saw as asked stays asked; what was a draft stays in preparation."""
    meetings, assignments = apps.get_model("projects", "Meeting"), apps.get_model("projects", "Assignment")
    items, resolutions = apps.get_model("projects", "AgendaItem"), apps.get_model("projects", "Resolution")
    now = timezone.now()
    for series in apps.get_model("projects", "MeetingSeries").objects.all():
        series.feed_key = secrets.token_urlsafe(24)
        series.save(update_fields=["feed_key"])
    for meeting in meetings.objects.exclude(state="draft"):
        over = meeting.starts_on <= timezone.localdate(now)
        asked = assignments.objects.filter(meeting=meeting)
        meeting.phase = "held" if over or asked.exists() else "invited"
        meeting.held_at = now if meeting.phase == "held" else None
        meeting.save(update_fields=["phase", "held_at"])
        for assignment in asked:
            assignment.given_on = timezone.localdate(assignment.created_at)
            assignment.save(update_fields=["given_on"])
    for model, above in ((items, "parent_id"), (resolutions, "item_id")):
        places = {}
        for row in sorted(model.objects.all(), key=lambda row: (row.meeting_id, _key(row.number), row.pk)):
            under = (row.meeting_id, getattr(row, above))
            row.position = places[under] = places.get(under, 0) + 1
            row.save(update_fields=["position"])


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_meetings_and_ledger")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
