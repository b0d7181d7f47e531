"""How DingTalk reaches Duban: the stream, or the address that it posts to."""
