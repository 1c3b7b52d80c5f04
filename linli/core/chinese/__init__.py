"""Chinese text: script, numerals, pinyin and search."""
