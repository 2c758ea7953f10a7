"""Where the metrics of a run are written while it trains."""
