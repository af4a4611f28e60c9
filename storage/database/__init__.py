"""The SQLite file: opening it, its schema, its transactions, its one writer."""
