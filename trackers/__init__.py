"""Where stories live: implementations of ``domain.ports.Tracker``, one contract suite."""
