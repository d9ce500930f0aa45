"""People, organisations and places, one entity for all mentions of it."""
