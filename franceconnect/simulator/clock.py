"""What time the simulator believes it is: the machine's, moved or held by a knob."""

import time

from franceconnect.simulator.knobs import knobs


def now() -> int:
    """Seconds since 1970."""
    return (knobs.clock_held or int(time.time())) + knobs.clock_skew
