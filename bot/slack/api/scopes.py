"""What the app asks Slack for; `manifest.yml` says what each is for, and a test compares the two."""

SCOPES = frozenset(
    {
        "commands",
        "chat:write",
        "users:read",
        "usergroups:read",
        "channels:read",
        "groups:read",
        "files:read",
    }
)
