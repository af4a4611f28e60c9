"""What a call request is and what may happen to it. No I/O and no event loop."""
