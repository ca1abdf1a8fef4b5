"""Made-up values for /styleguide/, where every component is shown."""

from django.http import HttpRequest


def examples(request: HttpRequest) -> dict:
    return {}
