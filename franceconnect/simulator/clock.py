"""What time the simulator believes it is: the machine's, moved by a knob."""

import time

from franceconnect.simulator.knobs import knobs


def now() -> int:
    """Seconds since 1970."""
    return int(time.time()) + knobs.clock_skew
