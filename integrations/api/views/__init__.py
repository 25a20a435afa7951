"""What stores call under /api/v1/, one file a resource."""
