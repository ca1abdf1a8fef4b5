"""Webhook for delivery receipts."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.notifications import services
from portal.notifications.services.leases import without_numbers

LONGEST = 4096


@csrf_exempt  # authenticated by token and not by cookie
@login_not_required
@require_POST
def receipts(request: HttpRequest) -> JsonResponse:
    """JSON {"id", "delivered", "error"}. Unknown or settled ids get 200 too, or the provider would retry for ever."""
    if not settings.RECEIPT_TOKEN:
        raise Http404("no provider sends receipts here")
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.RECEIPT_TOKEN}"):
        return JsonResponse({"error": "token"}, status=401)
    receipt = _receipt(request)
    if receipt is None:
        return JsonResponse({"error": "expected JSON with a text id and delivered true or false"}, status=400)
    return JsonResponse({"changed": services.receive(**receipt)})


def _receipt(request: HttpRequest) -> dict | None:
    try:
        given = json.loads(request.read(LONGEST))
    except ValueError:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("id"), str) or type(given.get("delivered")) is not bool:
        return None
    words = "".join(character for character in str(given.get("error", ""))[:300] if character.isprintable())
    return {"key": given["id"], "delivered": given["delivered"], "words": without_numbers(words)}
