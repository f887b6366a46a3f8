"""The command `foundling`: one module a command, each printing what a room answers."""
