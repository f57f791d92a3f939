"""How an agent comes in, and looks after their own way in."""
