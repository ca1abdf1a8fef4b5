"""One-time codes by SMS: rate-limited, safe against parallel guesses, valid once.

A counter in the session, or any read-then-write counter, has a race: sixty parallel requests all read zero attempts.
Here each guess first claims one of five attempts by a conditional UPDATE, and a right guess then claims the code by
a second one.
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
from portal.accounts.models import LoginCode, Throttle, User, mobile_number
from portal.accounts.throttle import DAY, HOUR, Limit, per_network
from portal.ui.errors import TooMany

LIFETIME = timedelta(minutes=5)
MAX_GUESSES = 5
CODES = 1_000_000

# The number's limits protect its owner. An address may be a whole village behind NAT, and its limit the SMS budget.
PER_PHONE_AND_MINUTE, PER_PHONE_AND_HOUR, PER_PHONE_AND_DAY = 1, 5, 10
PER_ADDRESS_AND_HOUR = 300
# This part of the day's budget is kept for numbers that booked or signed in before.
KEPT_FOR_KNOWN = 1 / 4


class TooManyCodes(TooMany):
    """A rate limit for codes is reached. The message says which one, and when to try again."""

    code = "too_many_codes"
    field = "phone"


def can_arrive() -> bool:
    """Whether somebody sends the codes; the demo shows them on the page instead."""
    return settings.DEMO or bool(settings.MESSAGE_CHANNELS.get("sms"))


def send(*, phone: str, purpose: str, address: str) -> tuple[LoginCode, str]:
    """Send a new code to `phone` for a client at `address`. Returns its row and the six digits.

    Raises TooManyCodes, and ValidationError if `phone` is not a mainland mobile number. A number that is not known is
    sent nothing once `is_scarce`, and is answered like any other, so that numbers cannot be enumerated then either.
    """
    mobile_number(phone)
    now, is_known = timezone.now(), is_known_number(phone)
    with transaction.atomic():
        # A refusal rolls back the counts of the limits before it, so it uses none of them up.
        _claim(phone, address)
        row, code = _issue(phone, purpose, now)
        if is_known or throttle.allow(*_for_strangers()):
            import_string(settings.LOGIN_CODE_SENDER)(phone, code, row.expires_at)
        else:
            throttle.give_back("sms:budget", DAY)
    return row, code


def is_known_number(phone: str) -> bool:
    """Whether somebody has signed in with it, or booked with it (settings.KNOWN_NUMBER_PREDICATE)."""
    has_booked = import_string(settings.KNOWN_NUMBER_PREDICATE)(phone)  # asked in any case: the same work for all
    return User.objects.filter(phone=phone, last_login__isnull=False).exists() or has_booked


def is_scarce() -> bool:
    """Whether what is left of the day's budget is kept for known numbers. Pages then say so to everybody."""
    return throttle.is_reached(_for_strangers())


def verify(*, pk: int | None, phone: str, purpose: str, guess: str, at: datetime | None = None) -> bool:
    """Whether `guess` is the code of row `pk`. True at most once, and never after MAX_GUESSES attempts.

    `pk` comes from the session that requested the code. So a stranger who requests a code for the same phone uses up
    the attempts of their own code and not the owner's.
    """
    if pk is None:  # this session requested no code
        return False
    at = at or timezone.now()
    alive = LoginCode.objects.filter(pk=pk, phone=phone, purpose=purpose, used_at=None, expires_at__gt=at)
    # 1. Claim an attempt. The database counts, so of sixty parallel guesses five get through.
    if not alive.filter(attempts__lt=MAX_GUESSES).update(attempts=F("attempts") + 1):
        return False
    # 2. Compare only after the attempt is counted.
    code_hash = LoginCode.objects.values_list("code_hash", flat=True).get(pk=pk)
    if not constant_time_compare(code_hash, _hash(phone, purpose, guess)):
        return False
    # 3. Mark the code as used: of two right guesses in parallel, one wins.
    return bool(alive.update(used_at=at))


def forget_old(at: datetime | None = None) -> int:
    """Delete expired codes and throttle counters; returns how many rows were deleted."""
    at = at or timezone.now()
    codes, _rows = LoginCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    counts, _rows = Throttle.objects.filter(expires_at__lt=at).delete()
    return codes + counts


def _claim(phone: str, address: str) -> None:
    """Count one SMS against every rate limit. All callers lock the rows in this order, so they cannot deadlock."""
    limits = {
        Limit(f"sms:minute:{phone}", PER_PHONE_AND_MINUTE, 60): _("验证码刚刚发过，请等一分钟再要。"),
        Limit(f"sms:hour:{phone}", PER_PHONE_AND_HOUR, HOUR): _("这个手机号一小时内要了太多次验证码，请过一小时再试。"),
        Limit(f"sms:day:{phone}", PER_PHONE_AND_DAY, DAY): _(
            "这个手机号今天要了太多次验证码，请明天再试，或请中心的工作人员帮忙。"
        ),
        **dict.fromkeys(
            per_network("sms:address", address, PER_ADDRESS_AND_HOUR, HOUR),
            _("这个网络一小时内要的验证码太多了，请过一会儿再试，或请中心的工作人员帮忙。"),
        ),
        Limit("sms:budget", settings.SMS_DAILY_BUDGET, DAY): _(
            "今天的短信发完了，请用密码登录，或请中心的工作人员帮忙。"
        ),
    }
    if reached := throttle.claim(limits):
        raise TooManyCodes(limits[reached])


def _for_strangers() -> Limit:
    return Limit("sms:strangers", int(settings.SMS_DAILY_BUDGET * (1 - KEPT_FOR_KNOWN)), DAY)


def _issue(phone: str, purpose: str, now: datetime) -> tuple[LoginCode, str]:
    code = f"{secrets.randbelow(CODES):06}"
    row = LoginCode.objects.create(
        phone=phone, purpose=purpose, code_hash=_hash(phone, purpose, code), expires_at=now + LIFETIME, created_at=now
    )
    return row, code


def _hash(phone: str, purpose: str, code: str) -> str:
    # HMAC with the site's key: a plain hash of six digits is brute-forced in a second by whoever reads the table.
    return salted_hmac("portal.accounts.codes", f"{purpose}:{phone}:{code}", algorithm="sha256").hexdigest()
