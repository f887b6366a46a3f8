"""What the project is about, in the standard library alone: incidents, places, dates, areas, questions."""
