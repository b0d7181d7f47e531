"""Interactive cards: drawn, delivered, updated in place, pressed."""
