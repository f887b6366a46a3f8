"""Every version of every incident as memory-mapped columns: what is counted is never asked of the database."""
