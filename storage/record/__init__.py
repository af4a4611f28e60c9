"""The append-only record, and what is held against it."""
