"""The only sockets and devices of Baseboard."""
