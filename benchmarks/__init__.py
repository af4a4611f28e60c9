"""Measures the product against a Bolt app that does nothing, on the machine it runs on."""
