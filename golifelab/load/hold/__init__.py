"""Start a process and hold it still: by ptrace, by a full pipe, or by a recording in its place."""
