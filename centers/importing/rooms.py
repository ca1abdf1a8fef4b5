"""Sheets of rooms."""

from centers.importing.resources import RoomResource
from centers.importing.rules import SheetRules


class SheetRooms(SheetRules, RoomResource):
    class Meta(RoomResource.Meta):
        skip_diff = True
