"""The worker's health: accounts of records, progress, readiness and liveness, the watchdog."""
