"""What bytes and strings hold as text: charsets, preambles of pages, entities, letters that nobody sees."""
