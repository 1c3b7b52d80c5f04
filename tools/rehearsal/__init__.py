"""All of `deploy/` installed into a scratch root and driven: ``make rehearse-deploy``."""
