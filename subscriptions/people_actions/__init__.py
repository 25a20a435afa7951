"""What is done to all people whom a segment finds, in the background: tagging, subscribing, exporting.

Who they are is written down first, so that doing something to them does not change who they are.
"""
