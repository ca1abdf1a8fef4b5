"""Another number for one's own account: proven by a code that is sent to it."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import codes, short_lived
from portal.accounts.addresses import client_address
from portal.accounts.models import LoginCode, User
from portal.ui.errors import RuleBroken

MINUTES = 10
_NAME = "own-number"


def send_code(request: HttpRequest, phone: str) -> str:
    """Send a code to the number that is to be one's own; returns the six digits, which only the demo shows.

    Raises TooManyCodes, RuleBroken `number_as_before`. A number that another account has is sent one as well: whose it
    is decides the code, and nobody learns here who has an account.
    """
    if phone == request.user.phone and request.user.phone_verified_at:
        raise RuleBroken(_("这就是您现在的号码，不用改。"), code="number_as_before", field="phone")
    row, code = codes.send(phone=phone, purpose=LoginCode.Purpose.NUMBER, address=client_address(request))
    short_lived.put(request, _NAME, {"code": row.pk, "phone": phone, "user": request.user.pk}, minutes=MINUTES)
    return code


def asked_for(request: HttpRequest) -> str:
    """The number that a code was sent to; "" without one."""
    found = short_lived.get(request.session, _NAME)
    return found["phone"] if found and found["user"] == request.user.pk else ""


def confirm(request: HttpRequest, guess: str) -> User:
    """Take the number that the code was sent to. Raises RuleBroken `wrong_code`, `number_taken`."""
    found = short_lived.get(request.session, _NAME)
    phone = asked_for(request)
    is_right = phone and codes.verify(pk=found["code"], phone=phone, purpose=LoginCode.Purpose.NUMBER, guess=guess)
    if not is_right:
        sentence = _("验证码不对或已失效。请照着短信再输一遍；试过五次后请重新获取。")
        raise RuleBroken(sentence, code="wrong_code", field="code")
    short_lived.drop(request.session, _NAME)
    user = get_user_model().objects.get(pk=request.user.pk)
    user.phone, user.phone_verified_at = phone, timezone.now()
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_verified_at"])
    except IntegrityError as taken:
        sentence = _(
            "这个号码已经有一个账户了，号码没有改。请退出，用这个号码登录那个账户；家人要到村里的中心再登记一次。"
        )
        raise RuleBroken(sentence, code="number_taken", field="code") from taken
    return user
