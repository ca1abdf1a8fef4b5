from centers.admin import calendar, people, places, tokens
from centers.duty import admin as duty

__all__ = ["calendar", "duty", "people", "places", "tokens"]
