"""The slash commands that the composer knows, as the app's manifest registers them."""

COMMANDS = [
    {
        "name": "/call",
        "usage": "+16176451984 appointment_date=2026-08-26 | stop | unstop | freeze | unfreeze | help",
        "description": "Ask for a voice-agent call; a second person approves it.",
        "app": "Callgate",
    }
]
