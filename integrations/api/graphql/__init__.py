"""The GraphQL that existing plugins speak, made from the catalogue's API names."""
