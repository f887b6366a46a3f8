"""Maps of a snapshot: which tiles there are, and what is drawn in each."""
