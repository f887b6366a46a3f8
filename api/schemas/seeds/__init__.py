"""What curators write in `seeds/`: strict, every key present, unknown keys refused."""
