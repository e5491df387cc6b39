"""Hold a process without ptrace: its own runtime, changed for that, waits at its milestones."""
