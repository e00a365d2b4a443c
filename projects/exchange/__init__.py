"""Data in and out of the portal, through the same rules as the pages."""
