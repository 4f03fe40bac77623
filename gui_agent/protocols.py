"""The five seams: Platform, Dialect, Model, Guard, Sink. Every feature is a class behind one of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from gui_agent.actions import Action
from gui_agent.events import Event
from gui_agent.screen import Observation
from gui_agent.trajectory import Completion, Reply, Task, Trajectory, Verdict

PlatformKind = Literal["web", "android", "desktop"]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a message."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


Part = str | Image


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation; parts in the order the model must see them."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The text parts, joined."""
        return "".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to sample; every value is sent explicitly, so a server's own defaults never apply."""

    temperature: float = 0.0
    top_p: float = 1.0
    max_tokens: int = 8192
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    seed: int | None = None
    stop: tuple[str, ...] = ()
    thinking: int | None = None
    """At most so many tokens of thinking, where the server can end it; None leaves it to the
    model."""
    opening: str = ""
    """What an answer of this dialect begins with after the thinking, such as `<answer>`."""
    grammar: str = ""
    """EBNF that the answer after the thinking must follow, where the server can hold it to one."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further request fields, such as `chat_template_kwargs`."""

    def warmer(self, temperature: float) -> Sampling:
        """The same, sampling at this temperature; for getting out of a loop."""
        return replace(self, temperature=max(self.temperature, temperature))


class Platform(Protocol):
    """A screen that can be looked at and acted on. Async; every call has its own deadline."""

    @property
    def kind(self) -> PlatformKind: ...

    async def open(self) -> None:
        """Make ready; a second call does nothing. Raises SetupError."""

    async def observe(self) -> Observation:
        """Wait until the screen has settled, then look.

        Raises PlatformLost, PersonNeeded or Stopped.
        """

    async def perform(self, action: Action) -> str:
        """Carry out the action; returns a message for the model, "" when there is nothing to say.

        Raises ActionFailed with a text for the model (nothing is retried), PlatformLost or Stopped.
        """

    async def close(self) -> None:
        """Let go of everything; safe to call at any time, also twice and after PlatformLost."""


class Dialect(Protocol):
    """How one model family talks on one kind of platform. Pure: no I/O, no clock, no event loop."""

    @property
    def name(self) -> str: ...

    @property
    def sampling(self) -> Sampling: ...

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        """The whole conversation for the next answer."""

    def parse(self, text: str, observation: Observation) -> Reply:
        """Exactly one action out of the model's answer. Raises BadReply with words for the
        model."""

    def complete(self, text: str) -> bool:
        """Is the answer, read so far from the stream, already whole? True lets the client stop
        reading."""


class Model(Protocol):
    """A server that completes conversations."""

    async def identify(self) -> str:
        """The served model's name, checked against the server once. Raises ModelError."""

    async def complete(
        self,
        messages: tuple[Message, ...],
        sampling: Sampling,
        until: Callable[[str], bool] | None = None,
    ) -> Completion:
        """Ask; stops reading as soon as `until(text so far)` is true. Raises ModelError."""

    async def close(self) -> None:
        """Let go of connections; safe to call twice."""


class SamplingPolicy(Protocol):
    """Adjusts how one step is sampled, before it is asked for. Pure."""

    def __call__(
        self,
        sampling: Sampling,
        dialect: Dialect,
        trajectory: Trajectory,
        observation: Observation,
    ) -> Sampling: ...


class Guard(Protocol):
    """Reviews every action before it is performed; fails closed."""

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict: ...


Sink = Callable[[Event], None]
"""Listens; must be quick, must not raise, can't steer."""
