"""Relations between claims: which are one claim, which support, contradict or revise each other, and why."""
