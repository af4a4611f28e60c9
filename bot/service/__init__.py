"""The use cases: what people and the clock can do, over the ports they need."""
