"""Commands that need more than a screenful each; `worker.cli` adds them to the group."""
