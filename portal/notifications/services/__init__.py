"""Planning, sending, receipts and manual follow-up of messages, called as `notifications.services.plan(...)`."""

from portal.notifications.services.follow_up import called, send_again
from portal.notifications.services.planning import cancel, plan, replan, send_login_code
from portal.notifications.services.receipts import receive
from portal.notifications.services.retention import forget, forget_old
from portal.notifications.services.sending import dispatch, send

__all__ = [
    "called",
    "cancel",
    "dispatch",
    "forget",
    "forget_old",
    "plan",
    "receive",
    "replan",
    "send",
    "send_again",
    "send_login_code",
]
