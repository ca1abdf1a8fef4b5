"""Shared by all API endpoints: responses, the error format, and validation by form fields.

An error is `{"code", "message"}`: a stable code for programs, a sentence for the user.
"""

import logging
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django import forms
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as FieldError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from portal.ui import dates
from portal.ui.errors import RuleBroken, refusal_of
from portal.ui.idempotency import UUID_PATTERN, read_key
from portal.ui.outages import outage_of
from portal.ui.responses import status_of

log = logging.getLogger(__name__)


class Problem(Schema):
    code: str
    message: str


class Invalid(Problem):
    """`fields`: error messages by name of field or parameter."""

    fields: dict[str, str]


# Error responses that any endpoint may return.
PROBLEMS: dict[int, Any] = {400: Problem, 404: Problem, 422: Invalid, 503: Problem}


# What a call that sends something may return besides.
SENT: dict[int, Any] = {415: Problem, **PROBLEMS}


def answer(data: Any, status: int = 200) -> JsonResponse:
    """A JSON response as is, without Ninja's validation of the response schema."""
    return JsonResponse(data, status=status, safe=False, json_dumps_params={"ensure_ascii": False})


def problem(status: int, code: str, message: str, **more: Any) -> JsonResponse:
    return answer({"code": code, "message": message, **more}, status)


def refusal(broken: RuleBroken, **more: Any) -> JsonResponse:
    fields = {"fields": {broken.field: str(broken)}} if broken.field else {}
    return problem(status_of(broken), broken.code, str(broken), **fields, **more)


def cleaned(field: forms.Field) -> AfterValidator:
    """A Pydantic validator from a form field, so that API and pages validate alike, with the same messages."""

    def clean(value: str) -> str:
        try:
            return field.clean(value)
        except FieldError as error:
            raise refused(error.error_list[0].code or "invalid", error.messages[0]) from error

    return AfterValidator(clean)


def text(field: forms.Field, **told: Any) -> Any:
    """A string that the form field validates; the schema tells its longest."""
    return Annotated[str, Field(max_length=field.max_length, **told), cleaned(field)]


def refused(code: str, said: str) -> PydanticCustomError:
    """For a validator to raise: the sentence is told as it is."""
    return PydanticCustomError(code, "{said}", {"said": said})


def _read_key(value: str) -> str:
    if (key := read_key(value)) is None:
        raise refused("key", _("请用一个UUID，就是32位十六进制数字。每填一张表用一个新的，重发还用原来那个。"))
    return key


IdempotencyKey = Annotated[
    str,
    Field(examples=["5f2c1f0e-9d0b-4f57-8f0a-6b8f0f6b1f11"], json_schema_extra={"pattern": f"^{UUID_PATTERN}$"}),
    AfterValidator(_read_key),
]


def _as_typed(value: Any) -> Any:
    return (dates.read(value) or value) if isinstance(value, str) else value


# A date that a client sends, in any way that a form takes.
SentDate = Annotated[date, BeforeValidator(_as_typed)]


def not_found(request: HttpRequest, error: Exception | None = None) -> JsonResponse:
    return problem(404, "not_found", _("没有找到。请看看编号有没有写错。"))


def set_up(api: NinjaAPI) -> None:
    """Register exception handlers, so that all errors have the same format."""
    handlers: dict[type[Exception], Callable] = {
        Http404: not_found,
        RuleBroken: lambda request, error: refusal(error),
        ValidationError: _invalid,
        AuthenticationError: _unauthorized,
        HttpError: _unreadable,
        RequestDataTooBig: _unreadable,
        SuspiciousOperation: _unreadable,
        Exception: _fault,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _invalid(request: HttpRequest, error: ValidationError) -> JsonResponse:
    fields = {_name(wrong["loc"]): _sentence(wrong) for wrong in error.errors}
    return problem(422, "invalid", _("有几项填得不对，请改好再试。"), fields=fields)


def _unauthorized(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
    response = problem(401, "bad_token", _("令牌不对，或者已经停用。请向发给您令牌的人要一个新的。"))
    response["WWW-Authenticate"] = "Bearer"
    return response


def _unreadable(request: HttpRequest, error: Exception) -> JsonResponse:
    return problem(400, "bad_request", _("看不懂这个请求。请求的内容要是 JSON。"))


def _fault(request: HttpRequest, error: Exception) -> JsonResponse:
    if broken := refusal_of(error):
        return refusal(broken)
    outage = outage_of(error)
    if outage is None:
        raise error  # Django logs it and answers 500
    log.error("%s: %s", outage.code, request.path, exc_info=error)
    response = problem(503, outage.code, str(outage))
    response["Retry-After"] = str(outage.retry_after)
    return response


def _name(place: tuple) -> str:
    """The field name of a Pydantic location: `phone` for `("body", "asked", "phone")`, `body` for the whole body."""
    names = place[2:] if place[0] == "body" else place[1:]
    return ".".join(map(str, names)) or "body"


_SENTENCES = {
    "missing": gettext_lazy("缺少这一项。"),
    "int_type": gettext_lazy("这里要填整数。"),
    "int_parsing": gettext_lazy("这里要填整数。"),
    "int_parsing_size": gettext_lazy("这个数太大了。"),
    "int_from_float": gettext_lazy("这里要填整数。"),
    "string_type": gettext_lazy("这里要填文字。"),
    "string_unicode": gettext_lazy("里面有认不出的字符。"),
    "string_too_long": gettext_lazy("写得太长了，最多%(max_length)s个字。"),
    "string_too_short": gettext_lazy("写得太短了，最少%(min_length)s个字。"),
    "greater_than_equal": gettext_lazy("最小是%(ge)s。"),
    "less_than_equal": gettext_lazy("最大是%(le)s。"),
    "literal_error": gettext_lazy("只能填：%(expected)s。"),
    "enum": gettext_lazy("只能填：%(expected)s。"),
    "date_from_datetime_parsing": gettext_lazy("日期请写成 2026-12-01 这样。"),
    "date_parsing": gettext_lazy("日期请写成 2026-12-01 这样。"),
    "date_type": gettext_lazy("日期请写成 2026-12-01 这样。"),
}


def _sentence(wrong: dict) -> str:
    context = wrong.get("ctx") or {}
    if "said" in context:
        return context["said"]
    if "expected" in context:  # "'online', 'phone' or 'desk'"
        context = {**context, "expected": "、".join(re.findall(r"'([^']*)'", context["expected"]))}
    sentence = _SENTENCES.get(wrong["type"])
    return str(sentence) % context if sentence else _("这一项填得不对。")
