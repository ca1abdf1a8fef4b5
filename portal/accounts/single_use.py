"""A code of an authenticator app is accepted once, and none that is older (RFC 6238, section 5.2).

The library remembers a code in the cache for one period of 30 s, while with MFA_TOTP_TOLERANCE it is valid for three,
and not the one that set the app up. Here the last accepted period stands in the authenticator's own row.
"""

from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.db import transaction

from portal import locking

PERIOD = "last_period"  # key of Authenticator.data
_FIRST = "totp_first_period"


def accept(authenticator: Authenticator, code: str) -> bool:
    """Of parallel requests with one code, the row lets one through."""
    with transaction.atomic():
        row = locking.locked(Authenticator.objects.all(), authenticator.pk)
        period = _period_of(decrypt(row.data["secret"]), code)
        if period is None or period <= row.data.get(PERIOD, -1):
            return False
        row.data[PERIOD] = period
        row.save(update_fields=["data"])
    return True


def remember_first(secret: str, code: str) -> None:
    """The code that sets an app up, for the row that this request is about to make."""
    setattr(context.request, _FIRST, _period_of(secret, code))


def keep_first(sender, instance: Authenticator, **kwargs) -> None:
    """Receiver of pre_save."""
    first = getattr(context.request, _FIRST, None)
    if instance._state.adding and instance.type == Authenticator.Type.TOTP and first is not None:
        instance.data[PERIOD] = first


def _period_of(secret: str, code: str) -> int | None:
    """The latest period in which the code is valid: of two that have the same one, both are used up."""
    found = [
        period
        for period in auth.yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=auth.format_hotp_value(auth.hotp_value(secret, period)))
    ]
    return max(found, default=None)
