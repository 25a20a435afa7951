"""The API for stores: what a shop's plugin or script tells us by itself, over REST and GraphQL."""
