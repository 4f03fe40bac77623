"""The embedded baseline policy: rules and OCR behind an OpenAI-compatible endpoint."""
