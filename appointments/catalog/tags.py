"""The list of a center's services, rendered once for all centers that offer the same, instead of once a page."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from appointments.catalog.offered import Offer, by_category
from centers.models import Center

register = template.Library()

# Stands in the addresses for the center's code. No division has it.
ANY_CENTER = "0" * 12


@register.simple_tag
def services_of(center: Center, offers: tuple[Offer, ...]) -> SafeString:
    """`templates/appointments/catalog/_groups.html` with closed groups."""
    drawn = _drawn(get_language(), offers)
    return mark_safe(drawn.replace(f"/centers/{ANY_CENTER}/", f"/centers/{center.code}/"))


@lru_cache(maxsize=100)  # counties × languages
def _drawn(_language: str | None, offers: tuple[Offer, ...]) -> str:
    context = {"groups": by_category(offers), "center": {"code": ANY_CENTER}, "open": False}
    return render_to_string("appointments/catalog/_groups.html", context)
