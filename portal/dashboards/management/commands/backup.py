from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal import backups


class Command(BaseCommand):
    help = "Write a consistent copy of the database to FILE, while everything runs."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=lambda name: Path(name).absolute())

    def handle(self, *args, file: Path, **options) -> None:
        try:
            backups.save(file)
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes. Keep MEDIA_ROOT and the environment beside it.")
