"""Area G: detection and scanning by the provider's own services."""
