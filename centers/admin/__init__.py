from centers.admin import calendar, duty, people, places, tokens

__all__ = ["calendar", "duty", "people", "places", "tokens"]
