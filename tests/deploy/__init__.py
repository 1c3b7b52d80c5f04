"""What lies in `deploy/`: units, the proxy, the database, the installer."""
