from django.db import migrations, models
from django.db.models.functions import Coalesce


def tell_when(apps, schema_editor):
    """Say of each message that was sent when that was: as it was finished or, of the oldest, made."""
    rows = apps.get_model("automations", "Message").objects.filter(state="sent", sent_at=None)
    rows.update(sent_at=Coalesce("finished_at", "made_at"))



class Migration(migrations.Migration):

    dependencies = [
        ("automations", "0011_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(tell_when, migrations.RunPython.noop),
    ]
