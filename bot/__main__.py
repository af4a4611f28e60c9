"""`python -m bot` is `callgate`."""

from bot.cli import main

main()
