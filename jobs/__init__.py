"""The clock and the commands: the only place that reads the time or draws random numbers."""
