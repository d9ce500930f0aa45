"""The async agents: they join extraction to streaming."""
