"""An emulated Slack workspace and an emulated PolyAI, to try the product with and to test it against.

They speak HTTP and WebSocket on loopback sockets, and know nothing of the rest of the product.
"""
