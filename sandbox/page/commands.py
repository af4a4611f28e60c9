"""The slash commands that the composer knows, as the app's manifest registers them."""

COMMANDS = [
    {
        "name": "/call",
        "usage": "[number] [key=value …] | stop | unstop | freeze | unfreeze | help",
        "description": "Ask for a voice-agent call, which a second person has to approve",
        "app": "Callgate",
    }
]
