"""How each channel of messages is set up, in words. Tokens, passwords and addresses with them are never shown."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.notifications.channels import has_provider
from portal.notifications.models import Message, State
from portal.notifications.services import provider_tests

TITLES = {"sms": gettext_lazy("短信"), "voice": gettext_lazy("语音电话"), "email": gettext_lazy("邮件")}
WITHOUT = {
    "sms": gettext_lazy(
        "短信一条也不发。只有消息能告诉的事，列在要打电话的名单里，由工作人员打；没有短信也不能用验证码登录。"
    ),
    "voice": gettext_lazy("打不了语音电话。留了座机的人，提醒和变动列在要打电话的名单里，由工作人员打。"),
    "email": gettext_lazy("邮件不发。"),
}
WHERE = {
    "sms": gettext_lazy("在服务器的环境设置里写上 SMS_URL 和 SMS_TOKEN，再重启。"),
    "voice": gettext_lazy("在服务器的环境设置里写上 VOICE_URL 和 VOICE_TOKEN，再重启。"),
    "email": gettext_lazy("在服务器的环境设置里写上 EMAIL_URL，例如 smtps://…，再重启。"),
}
_ADAPTERS = "portal.notifications.channels."
_CONSOLE = "console.EmailBackend"


@dataclass(frozen=True)
class ChannelState:
    """`address`: where a test would go; empty if the account has none."""

    name: str
    is_set_up: bool
    how: str
    address: str
    lately: provider_tests.Lately
    tests: list[Message]

    @property
    def title(self) -> str | Promise:
        return TITLES[self.name]

    @property
    def without(self) -> str | Promise:
        return WITHOUT[self.name]

    @property
    def where(self) -> str | Promise:
        return WHERE[self.name]


def state_of(channel: str, user: User) -> ChannelState:
    return ChannelState(
        channel,
        is_set_up(channel),
        _how(channel),
        address_of(channel, user),
        provider_tests.lately(channel),
        provider_tests.tests_of(channel),
    )


def is_set_up(channel: str) -> bool:
    if channel == "email" and settings.EMAIL_BACKEND.endswith(_CONSOLE):
        return False
    return has_provider(channel)


def address_of(channel: str, user: User) -> str:
    return (user.email if channel == "email" else user.phone) or ""


def outcome_of(message: Message) -> str:
    """What became of a test, as it is known now."""
    match message.state:
        case State.DELIVERED:
            return _("送到了")
        case State.SENT:
            return _("对方接下了")
        case State.PENDING | State.SENDING:
            return _("还在发，等一会儿再看这一页")
    return _("没发出去：%(error)s") % {"error": message.last_error or message.get_state_display()}


def _how(channel: str) -> str:
    adapter = settings.MESSAGE_CHANNELS.get(channel, "")
    if not is_set_up(channel):
        return ""
    if channel == "email":
        server = getattr(settings, "EMAIL_HOST", "") if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else ""
        return _("邮件服务器 %(host)s") % {"host": server} if server else _("写到服务器的文件里，不真的发")
    if adapter == f"{_ADAPTERS}http.Http":
        provider = settings.MESSAGE_PROVIDERS[channel]
        host = urlsplit(provider["url"]).hostname or ""
        words = _("接口在 %(host)s，带令牌") if provider["token"] else _("接口在 %(host)s，没有令牌")
        return words % {"host": host}
    if adapter == f"{_ADAPTERS}outbox.FileOutbox":
        return _("写到服务器的文件里，由别的程序或人来发")
    return _("自己的程序 %(name)s") % {"name": adapter}
