"""Callgate: voice calls from Slack that no one person can place alone."""
