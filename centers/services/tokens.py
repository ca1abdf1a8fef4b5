"""Issuing, authenticating and revoking API tokens."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from centers.models import ApiToken, Membership
from centers.models.token import SHOWN, digest_of, new_secret

# `last_used_at` is updated at most this often: a write per call would cost more than the call.
PRECISION = timedelta(minutes=10)


def issue(*, membership: Membership, name: str) -> tuple[ApiToken, str]:
    """A new token and its secret, which is not stored and cannot be shown again."""
    secret = new_secret()
    token = ApiToken(membership=membership, name=name, start=secret[:SHOWN], digest=digest_of(secret))
    token.full_clean()
    token.save()
    return token, secret


def revoke(*, token: ApiToken) -> None:
    """Takes effect on the next request. Idempotent."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def recognise(secret: str) -> ApiToken | None:
    """The token with its membership; None when it is unknown or revoked, or its role was revoked."""
    token = ApiToken.objects.active().filter(digest=digest_of(secret)).select_related("membership__division").first()
    if token is None:
        return None
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - PRECISION)
    if token.last_used_at is None or token.last_used_at < now - PRECISION:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token
