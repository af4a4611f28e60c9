"""The dialing policy: who may be called, when, how often and on what ground. Pure, and always whole."""
