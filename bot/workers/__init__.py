"""What goes on by itself: dialing, following calls, telling Slack, expiring."""
