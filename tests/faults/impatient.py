"""Production settings with the thirty-second interval shortened to five."""

from portal.settings import *  # noqa: F403
from portal.settings import UPKEEP

UPKEEP["send-due-messages"]["every"] = 5
