"""What "this", "these rules" and an "it" without a name point at: what a reader of the claim alone must be told."""
