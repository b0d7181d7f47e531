"""Web chat: messages, reactions, read marks."""
