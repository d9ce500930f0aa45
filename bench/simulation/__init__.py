"""Arrival curves replayed against measured rates: workers, their scaling by lag, and the lag that follows."""
