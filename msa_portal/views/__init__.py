"""The frame's pages."""
