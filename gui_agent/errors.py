"""What can go wrong, and whose fault it was.

GuiAgentError
├── SetupError        the caller's: a wrong setting, a missing browser, an unusable folder
│   └── MissingExtra  an optional package is not installed; the text is the command to run
├── BadReply          the model's: its answer can't be used; the text tells it why
├── ActionFailed      the action's: the platform could not carry it out; the text says why
├── PersonNeeded      nobody's: a locked or protected screen; ends the run as handed over
├── PlatformLost      the device's: browser, phone or display is gone; ends the run
├── Stopped           the user's: a brake was pulled; ends the run as cancelled
├── ModelError        the server's: it said no, or stays silent after the retries; ends the run
└── RecordError       the disk's: the run can't be written down any more; ends the run

Each text is one or two sentences: what is wrong, then what to do next.
"""


class GuiAgentError(Exception):
    """Base of every error this package raises on purpose."""


class SetupError(GuiAgentError, ValueError):
    """A setting is wrong or something the platform needs is missing; raised before the first
    step."""


class MissingExtra(SetupError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(f"The package '{package}' is missing: pip install 'gui-agent[{extra}]'")
        self.extra = extra


class BadReply(GuiAgentError, ValueError):
    """The model's answer can't be used; `str(error)` is written for the model to read."""


class ActionFailed(GuiAgentError):
    """The platform could not carry out the action; `str(error)` is written for the model to
    read."""


class PersonNeeded(GuiAgentError):
    """Only a person can go on here: the screen is locked, or protected from being seen."""


class PlatformLost(GuiAgentError, ConnectionError):
    """The browser, phone or display is gone and nothing more can be done with it."""


class Stopped(GuiAgentError):
    """The user pulled the platform's brake, such as a pointer in a corner of the screen."""


class ModelError(GuiAgentError, ConnectionError):
    """The model server refused the request, or did not answer after all retries."""

    def __init__(self, text: str, kind: str = "") -> None:
        super().__init__(text)
        self.kind = kind
        """What a program can act on: unreachable, key, api, model, text_only, images, picture or
        context; "" for everything else."""


class RecordError(GuiAgentError, OSError):
    """The run folder can't be created, written or read."""
