"""IPMI v2.0 made whole: the management controller, its console, and every wire between them."""

__version__ = "0.1.0"
