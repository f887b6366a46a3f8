"""The tools that open the data, and what to paste into each."""
