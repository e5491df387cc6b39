"""The runtime's own structures in a held process: goroutines, threads, processors, the heap."""
