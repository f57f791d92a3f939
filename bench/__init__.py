"""The benchmarks: one module each with `run(small) -> rows`; `python -m bench` runs them."""
