"""Networks that are worse than the loopback interface: delay, loss and rate, by the kernel or by a relay."""
