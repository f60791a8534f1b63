"""Area F: contacts and evidence that lasts."""
