"""Letters in a queue are what these tests begin with."""

from tests.letters import fritz, queue, worker_here

__all__ = ["fritz", "queue", "worker_here"]
