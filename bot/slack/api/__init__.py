"""How we reach Slack and Slack reaches us: the Web API, Socket Mode, the HTTP endpoint."""
