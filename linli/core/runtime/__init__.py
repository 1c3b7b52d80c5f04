"""The running process: settings, logs without values, liveness, room on the disk."""
