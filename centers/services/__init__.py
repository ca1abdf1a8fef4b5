"""Services that change calendars, closures, memberships and API tokens."""
