from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """The table of Django's database cache, where allauth keeps its limits: nobody has to remember a command."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS portal_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_codes_and_throttle")]
    operations = [migrations.RunPython(make_table, drop_table)]
