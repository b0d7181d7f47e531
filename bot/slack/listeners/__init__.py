"""One listener for each kind of act."""
