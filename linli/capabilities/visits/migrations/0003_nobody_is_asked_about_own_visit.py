from django.db import migrations

from linli.core.actions import writes_allowed
from linli.core.scope import system_scope


def exclude_who_visited(apps, schema_editor):
    """Open questions wait at the post of whoever made the visit; the hourly job moves them."""
    FeedbackRequest = apps.get_model("visits", "FeedbackRequest")
    Task = apps.get_model("tasks", "Task")
    why = "whoever made a visit does not ask about it"
    with system_scope(why), writes_allowed(why):
        asked = FeedbackRequest.objects.filter(state="open", task__isnull=False).values_list(
            "task_id", "visit__by_id", "promise__by_id"
        )
        for task, visitor, promiser in list(asked):
            user = visitor or promiser
            if user is not None:
                Task.objects.filter(pk=task).update(excluded_users=[user])


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0002_promises_once_and_known_frail"),
        ("tasks", "0003_chosen_and_excluded"),
    ]

    operations = [migrations.RunPython(exclude_who_visited, migrations.RunPython.noop)]
