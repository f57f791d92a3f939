"""What the benchmarks of the OpenID provider share: the flow, the servers it runs on, the two providers."""
