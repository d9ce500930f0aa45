"""What Claimwire is made of: the licences of the locked packages, and their list (SBOM)."""
