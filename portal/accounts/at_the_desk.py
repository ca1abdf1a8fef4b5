"""The account of somebody who stands at the desk with their phone, found or made by its number."""

import secrets

from django.utils.translation import gettext as _

from portal import locking
from portal.accounts.models import User
from portal.ui import names
from portal.ui.errors import RuleBroken


def account_of(*, phone: str, name: str) -> User:
    """The account of this mobile number; a new one is not verified before its first code.

    Raises RuleBroken `other_name`: whoever types a number is not told whose account it is. Within a transaction.
    """
    made = {"username": f"v{secrets.token_hex(6)}", "password": "!", "name": name}
    user, is_new = User.objects.get_or_create(phone=phone, defaults=made)
    if is_new:
        return user
    user = locking.locked(User.objects.all(), user.pk, no_key=True)
    if not user.is_active:
        raise RuleBroken(
            _("这个号码的账户停用了。要重新启用，请找乡镇的管理员。"), code="account_inactive", field="phone"
        )
    if not user.name and not user.has_usable_password():
        user.name = name
        user.save(update_fields=["name"])
    elif names.key(user.name) != names.key(name):
        sentence = _(
            "这个号码的账户不是这个姓名。请当面核对号码和姓名；号码换了主人的，请本人用验证码登录一次再来登记。"
        )
        raise RuleBroken(sentence, code="other_name", field="phone")
    return user
