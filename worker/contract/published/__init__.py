"""What others get of the contract: schemas, types, examples and the AsyncAPI document."""
