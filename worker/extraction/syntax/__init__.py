"""Questions about the parse: main clauses, negation, relations between tokens."""
