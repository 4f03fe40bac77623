"""Platforms: one file each, behind `gui_agent.protocols.Platform`."""
