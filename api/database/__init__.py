"""Releases and versions in SQL: the only room that knows SQLAlchemy."""
