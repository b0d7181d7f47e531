"""What people say and press in DingTalk, up to where its answer goes."""
