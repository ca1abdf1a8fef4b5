"""Bringing whole lists in: the national divisions, set-based; sheets of centers, rooms, staff and residents."""
