"""Kill what imports or takes back, at random moments; compare with what nobody disturbed."""
