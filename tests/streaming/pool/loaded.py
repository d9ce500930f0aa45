"""What forked processes share: it says which process has loaded it."""

import os

LOADED_BY = os.getpid()
