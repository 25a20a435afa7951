from django.db import migrations


class Migration(migrations.Migration):
    """Sessions of before do not know whose they are: who is signed in signs in once more."""

    dependencies = [("team_sessions", "0001_sessions_of_members"), ("sessions", "0001_initial")]

    operations = [migrations.RunSQL("DELETE FROM django_session", migrations.RunSQL.noop)]
