"""The embedded database as Django's ENGINE: Django's own, with connections that are kept."""
