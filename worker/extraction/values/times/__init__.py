"""Times as TIMEX3 values and intervals."""
