"""The shapes of what comes in and goes out: the only room that knows marshmallow."""
