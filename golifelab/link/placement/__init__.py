"""Where every symbol of every object file ended up in the executable, and what each byte is."""
