"""One module a resource: what is served where."""
