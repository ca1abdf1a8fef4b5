"""Planning, sending, receipts and care of messages, called as `notifications.services.plan(...)`."""

from portal.notifications.services.care import called, send_again
from portal.notifications.services.planning import plan, revive, send_login_code, withdraw
from portal.notifications.services.receipts import receive
from portal.notifications.services.retention import forget, forget_old
from portal.notifications.services.sending import dispatch, send

__all__ = [
    "called",
    "dispatch",
    "forget",
    "forget_old",
    "plan",
    "receive",
    "revive",
    "send",
    "send_again",
    "send_login_code",
    "withdraw",
]
