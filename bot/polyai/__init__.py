"""PolyAI's voice API: one adapter a flavour of it."""
