"""Django's SQLite with a queue in front of its one writer (docs/decisions/0011). ENGINE is "portal.sqlite"."""
