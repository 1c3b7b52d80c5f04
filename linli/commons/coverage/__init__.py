"""Coverage: households to be reached, nobody missed, nobody asked twice (人人不漏)."""
