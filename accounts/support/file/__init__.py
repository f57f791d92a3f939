"""A member's file: found, opened for a reason, read, helped."""
