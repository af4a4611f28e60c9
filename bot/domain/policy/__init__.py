"""The dialing policy: who may be called, when, how often and with which consent. Pure, without I/O."""
