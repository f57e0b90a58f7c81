"""RMCP, ASF, the v1.5 and v2.0 session wrappers, the handshake, windows and machines of both roles.

Nothing here does I/O or reads a clock. Import the modules; their functions carry short names.
"""
