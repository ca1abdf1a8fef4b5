"""Production's settings, with what has to happen every thirty seconds happening every five."""

from portal.settings import *  # noqa: F403
from portal.settings import UPKEEP

UPKEEP["send-due-messages"]["every"] = 5
