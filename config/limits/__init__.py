"""How often somebody may try; like `config.audit`, a floor that every app may stand on."""
