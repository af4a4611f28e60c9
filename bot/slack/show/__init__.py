"""What people see in Slack: cards, forms and lines as Block Kit. No I/O."""
