"""Area G: firewalls in front of web entries, identities instead of keys."""
