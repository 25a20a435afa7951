"""Messages know their person themselves, who was known by their way until now."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    message, enrolment = (apps.get_model("automations", name) for name in ("Message", "Enrolment"))
    whose = enrolment.objects.filter(pk=OuterRef("enrolment")).values("contact")
    message.objects.filter(contact=None).update(contact=Subquery(whose))


class Migration(migrations.Migration):
    dependencies = [("automations", "0007_mailings")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
