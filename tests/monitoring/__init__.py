"""What programs that watch are told."""
