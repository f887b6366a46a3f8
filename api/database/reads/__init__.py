"""Questions to the database, each pinned to one release."""
