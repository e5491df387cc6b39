"""Stage values as pictures and words: bounded payloads, HTML, SVG and text. Pure functions."""
