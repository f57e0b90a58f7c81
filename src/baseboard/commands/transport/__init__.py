"""Commands of network function Transport (0Ch)."""
