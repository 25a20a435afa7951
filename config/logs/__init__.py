"""What processes write down: lines for people or for programs, each with the request that it belongs to, no secret."""
