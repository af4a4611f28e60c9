"""A mutation run over what decides who may be called, when, and by whose approval; `make mutants`."""
