"""Canvasses: a place door by door and call by call, nobody missed, nobody asked twice (A7)."""
