"""An index for what waits about the same subject."""

from django.db import migrations, models

from config.schema.operations import AddIndexMeanwhile


class Migration(migrations.Migration):
    """Adds it while stores go on sending."""

    atomic = False
    dependencies = [("integrations", "0015_disconnecting")]
    operations = [
        AddIndexMeanwhile(
            model_name="delivery",
            index=models.Index(
                fields=["connection", "subject"], condition=models.Q(state="waiting"), name="delivery_waiting_about"
            ),
        ),
    ]
