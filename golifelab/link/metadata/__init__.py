"""What the runtime keeps about its own code: functions, lines, inlined calls, live pointers."""
