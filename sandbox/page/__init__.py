"""The sandbox's page: the emulated workspace in a browser, and the switches behind the scenes."""
