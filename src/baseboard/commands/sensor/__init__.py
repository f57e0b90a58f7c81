"""Commands of network function Sensor/Event (04h)."""
