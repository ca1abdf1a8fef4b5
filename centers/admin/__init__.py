from centers.admin import calendar, people, places, succession, tokens
from centers.days import admin as days
from centers.duty import admin as duty
from centers.sheets import admin as sheets

__all__ = ["calendar", "days", "duty", "people", "places", "sheets", "succession", "tokens"]
