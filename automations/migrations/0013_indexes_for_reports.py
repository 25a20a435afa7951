import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("automations", "0012_when_messages_were_sent"),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='campaign',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='automations.campaign'),
        ),
        migrations.AlterField(
            model_name='passage',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='automations.automationversion'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['automation', 'state', 'ended_at'], name='enrolment_ended'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['campaign', 'sent_at'], name='message_sent'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['-sent_at', '-id'], name='message_newest'),
        ),
        migrations.AddIndex(
            model_name='passage',
            index=models.Index(fields=['version', 'left_at', 'step', 'outcome'], name='passage_of_version'),
        ),
    ]
