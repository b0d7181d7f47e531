"""What administrators do: manifest, installation, the doctor's checks."""
