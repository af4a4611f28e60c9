"""Block Kit: strict models of the blocks this emulator knows, and how to read them."""
