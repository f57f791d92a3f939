"""MSA is the identity provider: what relying parties ask of it, over HTTP."""
