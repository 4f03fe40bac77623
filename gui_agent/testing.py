"""Fakes for every seam, and the contracts that every implementation is dropped into.

Subclass a contract in a test module, say how to make your implementation, and pytest runs it:

    class TestMyPlatform(PlatformContract):
        def make(self) -> Platform:
            return MyPlatform()
"""

from __future__ import annotations

import asyncio
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PIL import Image as Picture
from PIL import ImageDraw
from pydantic import ValidationError

from gui_agent.actions import ACTION, Action, Click, Finish, GoBack, OpenUrl, TypeText, Wait
from gui_agent.errors import ActionFailed, BadReply, PlatformLost
from gui_agent.events import Event
from gui_agent.protocols import (
    Dialect,
    Guard,
    Image,
    Message,
    Model,
    Platform,
    PlatformKind,
    Sampling,
    Sink,
)
from gui_agent.screen import Box, Element, Observation, Point, Screenshot
from gui_agent.trajectory import (
    Completion,
    Outcome,
    Reply,
    Step,
    Task,
    Trajectory,
    Usage,
    Verdict,
)

Script = str | Completion | Exception | Callable[[tuple[Message, ...]], str]


class ScriptedModel:
    """Answers from a list: texts, completions, errors to raise, or functions of the prompt."""

    def __init__(self, *script: Script, name: str = "scripted", delay: float = 0.0) -> None:
        self.name = name
        self.delay = delay
        """Seconds before each answer."""
        self.asked: list[tuple[Message, ...]] = []
        self.sampled: list[Sampling] = []
        self.closed = False
        self._script = list(script)

    async def identify(self) -> str:
        return self.name

    async def complete(
        self,
        messages: tuple[Message, ...],
        sampling: Sampling,
        until: Callable[[str], bool] | None = None,
    ) -> Completion:
        self.asked.append(messages)
        self.sampled.append(sampling)
        await asyncio.sleep(self.delay)
        if not self._script:
            raise AssertionError(f"the script has no answer number {len(self.asked)}")
        match answer := self._script.pop(0):
            case Completion():
                return answer
            case Exception():
                raise answer
            case str():
                text = answer
            case _:
                text = answer(messages)
        return Completion(text, "stop", usage=Usage(100, 10), model=self.name)

    async def close(self) -> None:
        self.closed = True


class LiteralDialect:
    """The model answers with an action's own JSON, as `actions.ACTION` reads it."""

    name = "literal"
    sampling = Sampling(max_tokens=256)

    def prompt(self, trajectory: Trajectory, observation: Observation) -> tuple[Message, ...]:
        shot = observation.screenshot
        picture = Image(shot.data, shot.media_type, shot.width, shot.height)
        past = "\n".join(_past(step) for step in trajectory.steps)
        return (Message("user", (picture, f"Goal: {trajectory.task.goal}\n{past}")),)

    def parse(self, text: str, observation: Observation) -> Reply:
        try:
            return Reply(ACTION.validate_json(text), note=text)
        except ValidationError as error:
            raise BadReply(f"That is not an action: {error.errors()[0]['msg']}.") from error

    def complete(self, text: str) -> bool:
        try:
            json.loads(text)
        except ValueError:
            return False
        return True


def _past(step: Step) -> str:
    return f"{step.index}: {step.reply.note if step.reply else '?'} → {step.feedback or 'ok'}"


@dataclass(frozen=True)
class FakeScreen:
    """One screen of a `FakePlatform`: buttons that lead to other screens, fields and texts."""

    buttons: Mapping[str, str] = field(default_factory=dict)
    """Button text → the screen that a click leads to."""
    fields: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


class FakePlatform:
    """Screens in memory, drawn with Pillow; clicks and typing have real effects on its state."""

    size = (400, 300)

    def __init__(
        self,
        screens: Mapping[str, FakeScreen],
        start: str = "home",
        *,
        kind: PlatformKind = "web",
        lost_after: int | None = None,
    ) -> None:
        """`lost_after`: the platform is lost once so many actions were performed."""
        self.kind: PlatformKind = kind
        self.screens = screens
        self.path = [start]
        self.typed: dict[str, str] = {}
        self.performed: list[Action] = []
        self.opened = 0
        self.closed = 0
        self._lost_after = lost_after
        self._focus = ""

    async def open(self) -> None:
        self.opened += 1

    async def close(self) -> None:
        self.closed += 1

    async def observe(self) -> Observation:
        self._check()
        elements = tuple(self._elements())
        return Observation(_draw(elements, self.size), f"fake://{self.path[-1]}", elements=elements)

    async def perform(self, action: Action) -> str:
        self._check()
        match action:
            case Click(at=at):
                self._click(self._hit(at, action.mark))
            case TypeText(text=text, at=at):
                name = self._hit(at, action.mark).name if at else self._focused()
                self.typed[name] = text if action.clear else self.typed.get(name, "") + text
            case GoBack():
                if len(self.path) == 1:
                    raise ActionFailed("There is no page to go back to.")
                self.path.pop()
            case OpenUrl(url=url):
                self._go(url.removeprefix("fake://"))
            case Wait(seconds=seconds):
                await asyncio.sleep(min(seconds, 0.01))
            case _:
                raise ActionFailed(f"'{action.kind}' is not possible here.")
        self.performed.append(action)
        return ""

    def _check(self) -> None:
        if self._lost_after is not None and len(self.performed) >= self._lost_after:
            raise PlatformLost("The fake platform was lost, as asked.")

    def _click(self, element: Element) -> None:
        self._focus = element.name
        if element.role == "button":
            self._go(self.screens[self.path[-1]].buttons[element.name])

    def _focused(self) -> str:
        if self._focus not in self.screens[self.path[-1]].fields:
            raise ActionFailed("No field has the focus: click one first.")
        return self._focus

    def _go(self, screen: str) -> None:
        if screen not in self.screens:
            raise ActionFailed(f"There is no screen '{screen}'.")
        self.path.append(screen)

    def _hit(self, at: Point, mark: int | None) -> Element:
        elements = self._elements()
        found = next((e for e in elements if e.mark is not None and e.box.contains(at)), None)
        if found is None or (mark is not None and found.mark != mark):
            raise ActionFailed("There is nothing at this place.")
        return found

    def _elements(self) -> list[Element]:
        screen = self.screens[self.path[-1]]
        rows = [
            *(("button", name) for name in screen.buttons),
            *(("textbox", name) for name in screen.fields),
            *(("text", text) for text in screen.texts),
        ]
        return [self._element(index, role, name) for index, (role, name) in enumerate(rows)]

    def _element(self, index: int, role: str, name: str) -> Element:
        box = Box.of(20, 20 + 40 * index, 220, 50 + 40 * index, *self.size)
        value = self.typed.get(name, "") if role == "textbox" else None
        mark = None if role == "text" else index
        return Element(mark, box, role, name, text=name if role != "textbox" else "", value=value)


def _draw(elements: Iterable[Element], size: tuple[int, int]) -> Screenshot:
    image = Picture.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for element in elements:
        box = element.box.pixels(*size)
        draw.rectangle(box, outline="black")
        draw.text((box[0] + 4, box[1] + 4), f"{element.name} {element.value or ''}", fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return Screenshot(buffer.getvalue(), *size, "image/png")


class PlatformContract(ABC):
    """What the agent relies on in every platform."""

    @abstractmethod
    def make(self) -> Platform: ...

    async def test_looks_after_opening_twice(self) -> None:
        platform = self.make()
        try:
            await platform.open()
            await platform.open()
            seen = await platform.observe()
        finally:
            await platform.close()
        picture = Picture.open(io.BytesIO(seen.screenshot.data))
        assert picture.size == (seen.screenshot.width, seen.screenshot.height)
        assert Picture.MIME[picture.format or ""] == seen.screenshot.media_type

    async def test_marks_count_from_zero_and_have_area(self) -> None:
        platform = self.make()
        try:
            await platform.open()
            marked = (await platform.observe()).marked
        finally:
            await platform.close()
        assert [e.mark for e in marked] == list(range(len(marked)))
        assert all(e.box.left < e.box.right and e.box.top < e.box.bottom for e in marked)

    async def test_an_impossible_action_fails_and_the_platform_lives_on(self) -> None:
        platform = self.make()
        try:
            await platform.open()
            await platform.observe()
            failure = None
            try:
                await platform.perform(Click(at=Point(0.5, 0.5), mark=99_999))
            except ActionFailed as error:
                failure = str(error)
            await platform.observe()
        finally:
            await platform.close()
        assert failure, "clicking a mark that does not exist must fail, and say why"

    async def test_closes_twice_and_unopened(self) -> None:
        platform = self.make()
        await platform.close()
        await platform.open()
        await platform.close()
        await platform.close()


class DialectContract(ABC):
    """What the agent and the client rely on in every dialect."""

    @abstractmethod
    def make(self) -> Dialect: ...

    @abstractmethod
    def answers(self) -> Mapping[str, Action]:
        """Answers as the model gives them → what they mean on `observation()`."""

    def observation(self) -> Observation:
        """Two marked buttons and a field."""
        buttons = {"Save": "home", "Cancel": "home"}
        platform = FakePlatform({"home": FakeScreen(buttons, ("Name",), ("Hello",))})
        return asyncio.run(platform.observe())

    def test_prompt_shows_the_screen_and_the_goal(self) -> None:
        messages = self.make().prompt(Trajectory(Task("Save the form")), self.observation())
        parts = [part for message in messages for part in message.parts]
        assert any(not isinstance(part, str) for part in parts), "no picture"
        assert any("Save the form" in part for part in parts if isinstance(part, str))

    def test_prompt_is_pure(self) -> None:
        seen = self.observation()
        dialect, trajectory = self.make(), Trajectory(Task("Save the form"))
        assert dialect.prompt(trajectory, seen) == dialect.prompt(trajectory, seen)

    def test_answers_mean_what_they_say(self) -> None:
        seen = self.observation()
        for text, action in self.answers().items():
            assert self.make().parse(text, seen).action == action, text

    def test_answers_are_complete_at_their_end(self) -> None:
        for text in self.answers():
            assert not self.make().complete(""), "nothing said yet"
            assert self.make().complete(text), text

    def test_unusable_answers_say_why(self) -> None:
        for text in ("", "I can't see a button.", "<think>hm", "\x00" * 100, "[" * 10_000):
            reason = None
            try:
                self.make().parse(text, self.observation())
            except BadReply as error:
                reason = str(error)
            assert reason, f"an action out of {text[:40]!r}"

    def test_failures_reach_the_model(self) -> None:
        seen = self.observation()
        dialect = self.make()
        text = next(iter(self.answers()))
        step = _step(seen, dialect.parse(text, seen), error="the button was covered by a dialog")
        messages = dialect.prompt(Trajectory(Task("Save the form"), [step]), seen)
        assert any("covered by a dialog" in message.text for message in messages)


def _step(seen: Observation, reply: Reply, error: str) -> Step:
    return Step(0, seen, Completion("…", "stop"), reply, Verdict(True), Outcome(False), error)


class ModelContract(ABC):
    """What the agent relies on in every model client."""

    @abstractmethod
    def make(self, answer: str) -> Model:
        """A client whose server gives this answer."""

    async def test_identifies_and_answers(self) -> None:
        model = self.make("<answer>done</answer>")
        try:
            assert await model.identify()
            asked = (Message("user", ("Say it.",)),)
            completion = await model.complete(asked, Sampling(max_tokens=16))
        finally:
            await model.close()
            await model.close()
        assert completion.text == "<answer>done</answer>"
        assert completion.finish_reason


class GuardContract(ABC):
    """What the agent relies on in every guard."""

    @abstractmethod
    def make(self) -> Guard: ...

    @abstractmethod
    def allowed(self) -> Sequence[Action]: ...

    @abstractmethod
    def refused(self) -> Sequence[Action]: ...

    def observation(self) -> Observation:
        """A page with a harmless button (mark 0) and one that pays (mark 1)."""
        screens = {"home": FakeScreen({"Show details": "home", "Pay now": "home"})}
        seen = asyncio.run(FakePlatform(screens).observe())
        return replace(seen, where="https://shop.example/cart")

    def test_says_yes_and_no_with_a_reason(self) -> None:
        seen, task = self.observation(), Task("Look around")
        for action in self.allowed():
            assert asyncio.run(self.make().review(action, seen, task)).allow, action
        for action in self.refused():
            verdict = asyncio.run(self.make().review(action, seen, task))
            assert not verdict.allow, action
            assert verdict.reason


class SinkContract(ABC):
    """What the agent relies on in every sink: it takes any event of a run."""

    @abstractmethod
    def make(self) -> Sink: ...

    def test_listens_to_a_whole_run(self) -> None:
        sink = self.make()
        for event in events_of_a_run():
            sink(event)


def events_of_a_run() -> list[Event]:
    """Every kind of event, in the order of a short run."""
    seen: list[Event] = []
    asyncio.run(_short_run(seen.append))
    return seen


async def _short_run(sink: Sink) -> None:
    from gui_agent.agent import Agent

    platform = FakePlatform({"home": FakeScreen({"Save": "saved"}), "saved": FakeScreen()})
    seen = await platform.observe()
    click = Click(at=seen.elements[0].box.center, mark=0)
    model = ScriptedModel("nonsense", literal(click), literal(Finish(success=True)))
    await Agent(platform, model=model, dialect=LiteralDialect(), sinks=[sink]).run("Save")


def literal(action: Action) -> str:
    """The action as a model speaking `LiteralDialect` writes it."""
    return ACTION.dump_json(action).decode()
