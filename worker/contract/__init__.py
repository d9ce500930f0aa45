"""The message types, the codec between them and bytes, deterministic ids, headers and topics."""
