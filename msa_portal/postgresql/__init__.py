"""PostgreSQL, with one habit changed."""
