"""Exit codes and words of the errors that end a command."""
