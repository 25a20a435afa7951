import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("automations", "0010_messages_that_are_tried_again"),
    ]

    operations = [
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
            ],
            options={
                'verbose_name': 'label',
                'verbose_name_plural': 'labels',
                'ordering': ['name'],
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='label_name_unique'),
        ),
        migrations.AddField(
            model_name='automation',
            name='labels',
            field=models.ManyToManyField(blank=True, related_name='automations', to='automations.label', verbose_name='labels'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='labels',
            field=models.ManyToManyField(blank=True, related_name='campaigns', to='automations.label', verbose_name='labels'),
        ),
    ]
