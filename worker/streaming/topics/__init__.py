"""Topics as a whole: windows, offsets, administration."""
