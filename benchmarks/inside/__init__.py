"""What runs inside a process with Django set up, on the database that DATABASE_URL names."""
