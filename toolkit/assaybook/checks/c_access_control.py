"""Area C: who may invoke what, and with which credentials."""
