"""What Slack sends us, turned into one call of a use case each."""
