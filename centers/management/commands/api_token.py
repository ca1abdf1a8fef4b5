"""Tokens of the API: `create --user … [--division CODE] [--name …]`, `list`, `revoke --id …`."""

from django.core.management.base import BaseCommand, CommandError

from centers.models import ApiToken, Membership
from centers.services import tokens


class Command(BaseCommand):
    help = "Give out, list and revoke tokens of the API. A secret is printed once, on its own line."

    def add_arguments(self, parser) -> None:
        parser.add_argument("action", choices=["create", "list", "revoke"])
        parser.add_argument("--user", help="login name of whom the token acts for")
        parser.add_argument("--division", help="code of the place of the role, when the user holds several")
        parser.add_argument("--name", default="api", help="which system will use it")
        parser.add_argument("--id", type=int, help="the token to revoke, as listed")

    def handle(self, *args, **options) -> None:
        getattr(self, options["action"])(options)

    def create(self, options) -> None:
        _token, secret = tokens.issue(membership=self._membership(options), name=options["name"])
        self.stdout.write(secret)

    def list(self, options) -> None:
        for token in ApiToken.objects.select_related("membership__user", "membership__division"):
            state = "revoked" if token.revoked_at else "active"
            self.stdout.write(f"{token.pk} {token.start}… {state} {token.name} {token.membership}")

    def revoke(self, options) -> None:
        token = ApiToken.objects.filter(pk=options["id"]).first()
        if token is None:
            raise CommandError("No token has this --id; see `manage.py api_token list`.")
        tokens.revoke(token=token)

    def _membership(self, options) -> Membership:
        held = Membership.objects.active().filter(user__username=options["user"]).select_related("division", "user")
        if options["division"]:
            held = held.filter(division__code=options["division"])
        found = list(held)
        if not found:
            raise CommandError("Nobody with this --user holds a role there.")
        if len(found) > 1:
            places = ", ".join(membership.division.code for membership in found)
            raise CommandError(f"The user holds several roles: name one with --division ({places}).")
        return found[0]
