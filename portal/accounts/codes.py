"""One-time codes by SMS: asked for within limits, judged safely under parallel guesses, used once.

A counter in the session, or one that is read and then written, lets parallel guesses through: sixty
requests all read "no guess yet". Here each guess first takes one of five by a conditional UPDATE, and a
right one then takes the code itself by another.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts import throttle
from portal.accounts.models import LoginCode, Throttle, mobile_number
from portal.ui.errors import TooMany

LIFETIME = timedelta(minutes=5)
MAX_GUESSES = 5


class TooManyCodes(TooMany):
    """No more codes for now; says when to come back."""

    code = "too_many_codes"
    field = "phone"


def send(*, phone: str, purpose: str, address: str) -> tuple[LoginCode, str]:
    """Send a new code to `phone`, asked for from `address`. Returns its row and the code itself.

    Raises TooManyCodes, and ValidationError for what is no mainland mobile number.
    """
    mobile_number(phone)
    now = timezone.now()
    with transaction.atomic():
        # A refusal rolls back: who is refused for one reason has not used up the other allowances.
        _claim(phone, address)
        row, code = _issue(phone, purpose, now)
        import_string(settings.LOGIN_CODE_SENDER)(phone, code, row.expires_at)
    return row, code


def verify(*, pk: int | None, phone: str, purpose: str, guess: str, at: datetime | None = None) -> bool:
    """Is `guess` the code of row `pk`? True once at most, and after five guesses never again.

    The row is named by `pk`, which stands in the session that asked for the code: a stranger who asks for a
    code to the same phone spends their own guesses, not the owner's.
    """
    if pk is None:  # nobody asked for a code here
        return False
    at = at or timezone.now()
    alive = LoginCode.objects.filter(pk=pk, phone=phone, purpose=purpose, used_at=None, expires_at__gt=at)
    # 1. Take one guess. The database counts, so sixty at once take five.
    if not alive.filter(attempts__lt=MAX_GUESSES).update(attempts=F("attempts") + 1):
        return False
    # 2. Compare only now.
    code_hash = LoginCode.objects.values_list("code_hash", flat=True).get(pk=pk)
    if not constant_time_compare(code_hash, _hash(phone, purpose, guess)):
        return False
    # 3. Use it up: of two right guesses at once, one wins.
    return bool(alive.update(used_at=at))


def forget_old(at: datetime | None = None) -> int:
    """Drop codes and counts that no longer decide anything; returns how many rows went."""
    at = at or timezone.now()
    codes, _rows = LoginCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    counts, _rows = Throttle.objects.filter(expires_at__lt=at).delete()
    return codes + counts


def _claim(phone: str, address: str) -> None:
    """Count one SMS against every limit, narrowest subject last. Order matters: rows are locked in it."""
    limits = [
        (
            f"sms:address:{address}",
            20,
            3600,
            _("这个网络一小时内要的验证码太多了，请过一会儿再试，或请中心的工作人员帮忙。"),
        ),
        (f"sms:minute:{phone}", 1, 60, _("验证码刚刚发过，请等一分钟再要。")),
        (f"sms:hour:{phone}", 5, 3600, _("这个手机号一小时内要了太多次验证码，请过一小时再试。")),
        (f"sms:day:{phone}", 10, 86_400, _("这个手机号今天要了太多次验证码，请明天再试，或请中心的工作人员帮忙。")),
        (
            "sms:budget",
            settings.SMS_DAILY_BUDGET,
            86_400,
            _("今天的短信发完了，请用密码登录，或请中心的工作人员帮忙。"),
        ),
    ]
    for key, limit, per_seconds, refusal in limits:
        if not throttle.allow(key, limit, per_seconds):
            raise TooManyCodes(refusal)


def _issue(phone: str, purpose: str, now: datetime) -> tuple[LoginCode, str]:
    code = f"{secrets.randbelow(1_000_000):06}"
    row = LoginCode.objects.create(
        phone=phone, purpose=purpose, code_hash=_hash(phone, purpose, code), expires_at=now + LIFETIME, created_at=now
    )
    return row, code


def _hash(phone: str, purpose: str, code: str) -> str:
    # Keyed: six digits behind a plain hash are found in a second by whoever reads the table.
    return salted_hmac("portal.accounts.codes", f"{purpose}:{phone}:{code}", algorithm="sha256").hexdigest()
