"""What Slack is still to be told."""
