"""An emulated PolyAI: the Outbound Calling API over HTTP."""
