"""The figures of the shop."""
