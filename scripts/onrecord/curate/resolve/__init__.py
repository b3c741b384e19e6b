"""Who is meant, when it was said, how surely, and what is claimed."""
