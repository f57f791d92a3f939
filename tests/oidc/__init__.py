"""A relying party of our own, on another library than the one that signs: what the provider's tests stand on."""
