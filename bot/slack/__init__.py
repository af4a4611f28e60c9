"""Slack, outward: what we show there and how it gets there."""
