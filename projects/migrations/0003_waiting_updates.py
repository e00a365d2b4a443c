"""Updates that wait for staff since before there were approvers and a waiting time."""

from django.db import migrations


def fill(apps, schema_editor):
    """They wait since they were sent, and staff who neither wrote nor sent them may approve."""
    people = apps.get_model("agencies", "User").objects.filter(is_staff=True, is_active=True)
    staff = list(people.values_list("pk", flat=True))
    for update in apps.get_model("projects", "ProgressUpdate").objects.filter(state="submitted", waiting_since=None):
        wrote = {update.author_id, update.submitted_by_id}
        update.waiting_since = update.submitted_at
        update.approvers = sorted(set(staff) - wrote)
        update.save(update_fields=["waiting_since", "approvers"])


class Migration(migrations.Migration):
    """Data only; nothing to undo, as the columns go with 0002."""

    dependencies = [("agencies", "0002_reporting"), ("projects", "0002_reporting")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
