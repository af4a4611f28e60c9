"""Call requests: what is stored of each, and the one way in which it changes."""
