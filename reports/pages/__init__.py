"""The pages of reports; each package has its addresses as PAGES."""
