"""Foundling: an open, geocoded, sourced record of child-trafficking incidents, served as an API."""
