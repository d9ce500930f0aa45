"""The meaning of a statement: act, polarity, modality, proposition, standalone text, check-worthiness."""
