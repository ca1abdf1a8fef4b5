"""What a lower app asks of a higher one, by dotted path. Part of the settings, like portal.registries."""

# A change of duty or hours is rehearsed, and a page names the bookings that it touches (centers.days.asking); the page
# of a notice says how many are booked on its days off.
CHANGE_OR_ASK = "appointments.settling.asking.change_or_ask"
# Called with the primary key of a new center, at the commit. Read by centers.days.following.
HOURS_OF_A_NEW_CENTER = "centers.services.default_hours.give"
BOOKED_ON = "appointments.settling.services.booked_on"
# Rows that the portal derives by itself: they go along when a center is taken back that an uploaded sheet made, and do
# not count as its use.
DERIVED_ROWS = ["centers.CenterDay", "appointments.Slot", "appointments.SlotGap"]
BOOKINGS_TOUCHED = "appointments.settling.services.touched_at"  # by an uploaded sheet, or by undoing it

# The stored value of a rule (portal.rules has the defaults), and where which value is in force, for queries.
RULE_VALUE = "centers.rules.reading.value"
RULE_GROUPS = "centers.rules.reading.groups"
