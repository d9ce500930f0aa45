"""The subcommands of `claimwire`, one a file. `worker.cli` lists them."""
