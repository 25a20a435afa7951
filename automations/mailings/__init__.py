"""Direct campaigns: to whom they go, planning and stopping one, filling the queue, and trying two subjects."""
