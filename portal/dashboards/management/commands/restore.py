from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal import backups


class Command(BaseCommand):
    help = "Fill the database from a FILE that `backup` wrote. Stop web servers and workers first."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=lambda name: Path(name).absolute())
        parser.add_argument("--replace", action="store_true", help="throw away what stands in the database")

    def handle(self, *args, file: Path, replace: bool, **options) -> None:
        try:
            backups.restore(file, replace=replace)
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Restored. Now: manage.py migrate, manage.py check_invariants.")
