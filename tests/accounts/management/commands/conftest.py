"""Letters in a queue are what these tests begin with."""

from tests.letters import fritz, queue

__all__ = ["fritz", "queue"]
