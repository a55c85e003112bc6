"""What reading a file costs the machine, which a busy machine does not change."""

import resource


def child_seconds() -> float:
    """Seconds of processor time of all child processes that have ended so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def child_kilobytes() -> int:
    """The memory of the largest child process so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
