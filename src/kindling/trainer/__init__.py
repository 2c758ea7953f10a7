"""How a network is spread over several devices."""
