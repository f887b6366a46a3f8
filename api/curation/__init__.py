"""The write side: seeds read, checked, geocoded and published."""
