"""From the words of a report to a point on the map, offline."""
