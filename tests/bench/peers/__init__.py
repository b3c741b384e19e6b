"""What other tools are asked to do in the bench: one script per peer, each a whole process."""
