"""An emulated Slack workspace: Web API, Socket Mode, signed HTTP delivery, response URLs and files."""
