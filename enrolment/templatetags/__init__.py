"""What templates show of this room."""
