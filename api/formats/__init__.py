"""From records to bytes: pure writers, one file a format."""
