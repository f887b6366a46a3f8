"""What differs between databases: areas, words and the publishing lock."""
