"""`python -m gui_agent`."""

from gui_agent.cli.main import main

main()
