"""Stored files: each release's record in whole files, written once and served as they lie."""
