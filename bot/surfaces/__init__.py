"""What the surfaces have in common: people, conversations, pace, and how they run."""
