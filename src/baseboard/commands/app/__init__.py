"""Commands of network function App (06h)."""
