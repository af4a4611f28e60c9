"""What runs in the background: dialing, polling, sending to Slack, deadlines, retention."""
