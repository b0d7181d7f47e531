"""ZenTao in this process: connection, synchronisation, doctor, set-up."""
