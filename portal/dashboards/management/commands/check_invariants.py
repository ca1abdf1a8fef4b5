from django.core.management.base import BaseCommand, CommandError

from portal import invariants


class Command(BaseCommand):
    help = "Ask the stored rows whether everything holds that must; name each violation and exit with 1."

    def handle(self, *args, **options) -> None:
        found = invariants.violations()
        if found:
            raise CommandError("\n".join(map(str, found)))
