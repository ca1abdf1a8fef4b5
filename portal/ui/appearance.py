"""Display preferences in cookies: elder mode (长辈版), high contrast (高对比), text size and language.

In HttpOnly cookies and not in the account: most visitors have none, and it is the phone that is shared.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

YEAR = 365 * 24 * 3600
# Cookie name → allowed values; the first is the default, stored by deleting the cookie.
CHOICES = {
    "look": ("plain", "elder"),
    "contrast": ("plain", "high"),
    "text": ("1", "2", "3"),
    "language": ("", "zh-hans", "en"),  # "" is the site's own
}


@dataclass(frozen=True)
class Appearance:
    look: str = "plain"
    contrast: str = "plain"
    text: str = "1"
    language: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Appearance":
        return cls(**{name: _known(name, request.COOKIES.get(name)) for name in CHOICES})

    @property
    def elder(self) -> bool:
        return self.look == "elder"

    @property
    def high(self) -> bool:
        return self.contrast == "high"

    @property
    def larger(self) -> str:
        """The next text size in elder mode, empty at the largest."""
        return {"1": "2", "2": "3"}.get(self.text, "")

    @property
    def smaller(self) -> str:
        return {"2": "1", "3": "2"}.get(self.text, "")


def language_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: activates the language of the cookie, else the site's; ignores Accept-Language.

    Many cheap phones are set to English, while their owners read Chinese.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        language = Appearance.of(request).language or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return answer


def remember_choice(response: HttpResponse, name: str, value: str) -> None:
    """Set the cookie of one preference for a year; an unknown value counts as the default."""
    value = _known(name, value)
    is_default = value == CHOICES[name][0]
    response.set_cookie(
        name,
        "" if is_default else value,
        max_age=0 if is_default else YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(name: str, value: str | None) -> str:
    return value if value in CHOICES[name] else CHOICES[name][0]
