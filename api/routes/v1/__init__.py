"""The data API, version 1."""
