"""Gives memory back to the system that loading took and no longer needs: models unpack to several times their size."""

import sys


def trim() -> None:
    """Where the system's allocator can be asked to; elsewhere nothing happens."""
    if sys.platform != "linux":
        return
    import ctypes

    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in every C library
    if give_back is not None:
        give_back(0)
