"""The tier without the helper: Go's standard packages, and text that Go's tools print."""
