"""API authentication: anonymous callers act as a villager, bearer tokens as a member of staff."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from centers import codes
from centers.models import Membership
from centers.services import tokens
from portal.accounts.models import User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from portal.ui.errors import NotAllowed, RuleBroken


@dataclass(frozen=True, slots=True)
class Caller:
    membership: Membership | None = None
    token: int = 0  # primary key of its ApiToken

    @property
    def is_public(self) -> bool:
        return self.membership is None

    @property
    def user(self) -> User | None:
        return self.membership.user if self.membership else None

    @property
    def scope(self) -> str:
        """Namespace of the caller's idempotency keys, so that two callers cannot collide."""
        return f"membership:{self.membership.pk}" if self.membership else "public"

    def require(self, permission: Permission, code: str) -> None:
        """Raises Http404 for a place outside of the membership, NotAllowed for a role without the permission.

        A token is limited to its own membership, even when its user has others.
        """
        if self.membership is None:
            raise RuleBroken(_("这一步要用令牌。"), code="token_needed")
        if not codes.contains(self.membership.division.code, code):
            raise Http404("out of reach")
        if permission not in ROLE_PERMISSIONS[Role(self.membership.role)]:
            raise NotAllowed


PUBLIC = Caller()


class Token(HttpBearer):
    """Optional bearer token. Without one the call is anonymous; an invalid one is refused with 401."""

    def __call__(self, request: HttpRequest) -> Caller:
        if "Authorization" not in request.headers:
            return PUBLIC
        caller = super().__call__(request)
        if caller is None:
            raise AuthenticationError
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        known = tokens.recognise(token)
        return Caller(known.membership, known.pk) if known else None


OPTIONAL = {"auth": Token(), "openapi_extra": {"security": [{}]}}
