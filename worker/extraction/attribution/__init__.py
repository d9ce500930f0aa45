"""Finds who said what: rules and a trained model over the parse."""
