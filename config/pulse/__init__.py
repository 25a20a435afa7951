"""The pulse: when each task of the clock was done last, so that a clock which has stopped is noticed."""
