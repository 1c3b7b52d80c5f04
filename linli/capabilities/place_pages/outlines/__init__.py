"""Outlines of buildings out of a GeoJSON file: read in the child, matched, laid on the grid."""
