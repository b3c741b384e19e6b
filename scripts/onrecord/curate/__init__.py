"""From a text to reviewed rows: reading, proposing, deciding, accepting."""
