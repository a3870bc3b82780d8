"""What the Docker engine is to the bench: a connection, labels of what is made in it, what is left in it."""
