"""The forms in which articles come, and how each becomes the native form. The table of forms is in table.py."""
