from django.db import migrations, models


def tell_who_changed(apps, schema_editor):
    """Who saved a segment's newest conditions is who changed it last, as far as is known."""
    versions = apps.get_model('subscriptions', 'SegmentVersion').objects
    newest = versions.filter(segment=models.OuterRef('pk'), number=models.OuterRef('version'))
    apps.get_model('subscriptions', 'Segment').objects.update(changed_by=models.Subquery(newest.values('saved_by')))


class Migration(migrations.Migration):

    dependencies = [
        ('subscriptions', '0010_segments_in_segments'),
    ]

    operations = [
        migrations.RunPython(tell_who_changed, migrations.RunPython.noop),
    ]
