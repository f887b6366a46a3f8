"""Vector tiles: arrays in, bytes out."""
