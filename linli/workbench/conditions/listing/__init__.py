"""From ids to lines: chosen columns, cross-tabs and small cells, masked, in words."""
