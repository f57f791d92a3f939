"""What waits for agents, a list of each."""
