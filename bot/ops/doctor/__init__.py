"""`callgate doctor`: looks at everything Callgate depends on, and changes nothing."""
