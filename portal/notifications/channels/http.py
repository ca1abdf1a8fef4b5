"""SMS and voice through a provider's, or a county gateway's, HTTP interface.

POST to SMS_URL or VOICE_URL, JSON {"id", "to", "text", "title", "channel"}, with our id as Idempotency-Key too.
"""

import json
import urllib.error
import urllib.request
from email.message import Message as Headers

from django.conf import settings

from portal.notifications.channels import Permanent, Transient
from portal.notifications.models import Message
from portal.ui.params import number

TIMEOUT = 10
# 4xx statuses that do not mean that the message is bad: an expired token must not fail ten thousand reminders for good.
NOT_ITS_FAULT = {401, 402, 403, 404, 407, 408, 425, 429}
FINE = {
    "",
    "0",
    "200",
    "201",
    "202",
    "none",
    "true",
    "ok",
    "success",
    "accepted",
    "queued",
    "pending",
    "sent",
    "delivered",
}
VERDICTS = ("code", "errcode", "status", "success", "result")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects, which would send the token to a host that is not configured."""

    def redirect_request(self, *args, **kwargs):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


class Http:
    def send(self, message: Message) -> None:
        provider = settings.MESSAGE_PROVIDERS[message.channel]
        try:
            with _opener.open(_request(message, **provider), timeout=TIMEOUT) as answer:
                check_body(answer.read(65_536))
        except urllib.error.HTTPError as error:
            with error:  # closes the connection
                raise _refusal(error.code, error.headers) from error


def check_body(body: bytes) -> None:
    """Check the body of a 200 response, since many SMS providers report errors there. Raises Transient or Permanent."""
    if not body.strip():
        return
    try:
        answer = json.loads(body)
    except ValueError as error:  # not JSON: for example a captive portal's sign-in page
        raise Transient("the answer is not JSON") from error
    if not isinstance(answer, dict):
        return
    answer = {key.lower(): value for key, value in answer.items()}
    wrong = answer.get("error") or next((answer[key] for key in VERDICTS if not _fine(answer.get(key))), None)
    if wrong is None:
        return
    words = f"{wrong}"[:200]
    raise Permanent(words) if answer.get("permanent") is True else Transient(words)


def _fine(verdict: object) -> bool:
    return isinstance(verdict, dict | list) or str(verdict).lower() in FINE


def _request(message: Message, url: str, token: str) -> urllib.request.Request:
    return urllib.request.Request(
        url,
        method="POST",
        data=json.dumps(
            {
                "id": message.idempotency_key,
                "channel": message.channel,
                "to": message.address,
                "title": message.title,
                "text": message.body,
            },
            ensure_ascii=False,
        ).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": message.idempotency_key,
        },
    )


def _refusal(status: int, headers: Headers) -> Exception:
    if 400 <= status < 500 and status not in NOT_ITS_FAULT:
        return Permanent(f"HTTP {status}")
    return Transient(f"HTTP {status}", after=number(headers.get("Retry-After")) or 0)
