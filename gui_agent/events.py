"""What the agent announces. Events tell, they never command: a sink can't steer the run."""

from __future__ import annotations

from dataclasses import dataclass

from gui_agent.screen import Observation
from gui_agent.trajectory import Completion, Step, Task, Trajectory


@dataclass(frozen=True, slots=True)
class RunStarted:
    task: Task
    model: str
    dialect: str
    platform: str
    resumed: int = 0
    """Steps taken before a resume."""


@dataclass(frozen=True, slots=True)
class StepStarted:
    index: int
    observation: Observation


@dataclass(frozen=True, slots=True)
class ModelAnswered:
    index: int
    completion: Completion


@dataclass(frozen=True, slots=True)
class ActionChosen:
    """The guard has spoken; if it allowed the action, it is about to be performed."""

    step: Step
    """As far as it has come: with a reply and a verdict, without an outcome."""


@dataclass(frozen=True, slots=True)
class StepFinished:
    step: Step


@dataclass(frozen=True, slots=True)
class RunEnded:
    trajectory: Trajectory


Event = RunStarted | StepStarted | ModelAnswered | ActionChosen | StepFinished | RunEnded
