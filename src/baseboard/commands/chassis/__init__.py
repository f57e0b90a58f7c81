"""Commands of network function Chassis (00h)."""
