"""Reading a topic with a state by key: outputs, states and offset in one transaction, fenced by its id."""
