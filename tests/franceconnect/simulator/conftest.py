"""What the tests of the simulator share."""

import pytest

from tests.franceconnect.simulator.asking import Asking
from tests.simulator import Simulator


@pytest.fixture
def service(simulator: Simulator) -> Asking:
    """The portal, as the hub knows it, and a visitor who was never there."""
    return Asking(simulator)
