"""What a held process has in memory: mappings and pages."""
