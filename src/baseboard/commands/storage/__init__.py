"""Commands of network function Storage (0Ah)."""
