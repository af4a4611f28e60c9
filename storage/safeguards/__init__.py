"""The suppression list and the freeze."""
