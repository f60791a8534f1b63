"""Area A: secrets stay out of the environment, and each workload has a tight role of its own."""
