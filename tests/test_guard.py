"""Guards refuse what they should and nothing passes when they are silent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from gui_agent.actions import Action, AskUser, Click, GoBack, OpenUrl, PressKeys, TakeOver, TypeText
from gui_agent.guard import AskPerson, Chain, RefuseRisky, Rules, risky
from gui_agent.protocols import Guard
from gui_agent.screen import Box, Element, Observation, Point, Screenshot
from gui_agent.testing import FakePlatform, FakeScreen, GuardContract
from gui_agent.trajectory import Task

DETAILS = Click(at=Box.of(20, 20, 220, 50, 400, 300).center, mark=0)
PAY = Click(at=Box.of(20, 60, 220, 90, 400, 300).center, mark=1)
PAY_BY_POSITION = Click(at=PAY.at)


class TestRules(GuardContract):
    def make(self) -> Guard:
        return Rules(allowed_hosts=("shop.example",))

    def allowed(self) -> Sequence[Action]:
        return [PAY, OpenUrl(url="https://www.shop.example/x"), OpenUrl(url="shop.example")]

    def refused(self) -> Sequence[Action]:
        return [
            OpenUrl(url="https://evil.example"),
            OpenUrl(url="https://notshop.example"),
            OpenUrl(url="file:///etc/passwd"),
            OpenUrl(url="javascript:alert(1)"),
        ]


async def test_a_browser_is_not_talked_out_of_a_warning() -> None:
    page = FakePlatform({"home": FakeScreen()})
    seen = replace(await page.observe(), where="chrome-error://chromewebdata/")
    for bypass in (DETAILS, TypeText(text="thisisunsafe"), PressKeys(keys=("Enter",))):
        assert not (await Rules().review(bypass, seen, Task("x"))).allow
    for leaves in (GoBack(), OpenUrl(url="https://shop.example")):
        assert (await Rules().review(leaves, seen, Task("x"))).allow


class TestRefuseRisky(GuardContract):
    def make(self) -> Guard:
        return RefuseRisky()

    def allowed(self) -> Sequence[Action]:
        return [DETAILS]

    def refused(self) -> Sequence[Action]:
        return [PAY, PAY_BY_POSITION]


class TestAskPersonWhoSaysNo(GuardContract):
    def make(self) -> Guard:
        return AskPerson(_answer("n"))

    def allowed(self) -> Sequence[Action]:
        return [DETAILS]

    def refused(self) -> Sequence[Action]:
        return [PAY]


class TestChain(GuardContract):
    def make(self) -> Guard:
        return Chain(Rules(("shop.example",)), RefuseRisky())

    def allowed(self) -> Sequence[Action]:
        return [DETAILS]

    def refused(self) -> Sequence[Action]:
        return [PAY, OpenUrl(url="https://evil.example")]


def _answer(words: str):  # type: ignore[no-untyped-def]
    async def ask(question: str) -> str:
        return words

    return ask


def page() -> Observation:
    screens = {"home": FakeScreen({"Show details": "home", "Pay now": "home"})}
    return asyncio.run(FakePlatform(screens).observe())


def test_off_the_allowed_hosts_nothing_may_be_done() -> None:
    seen = Observation(Screenshot(b"", 1, 1), "https://evil.example/")
    verdict = asyncio.run(Rules(("shop.example",)).review(DETAILS, seen, Task("x")))
    assert not verdict.allow


def test_a_person_decides() -> None:
    yes = asyncio.run(AskPerson(_answer("Yes")).review(PAY, page(), Task("x")))
    silent = asyncio.run(AskPerson(_answer("")).review(PAY, page(), Task("x")))
    assert yes.allow
    assert not silent.allow


@pytest.mark.parametrize("action", [AskUser(question="Who?"), TakeOver(reason="Log in.")])
def test_a_persons_words_reach_the_model(action: Action) -> None:
    verdict = asyncio.run(AskPerson(_answer("Ada")).review(action, page(), Task("x")))
    assert verdict.allow
    assert "Ada" in verdict.reason
    silent = asyncio.run(AskPerson(_answer("")).review(action, page(), Task("x")))
    assert silent.reason == ""


def test_a_persons_words_survive_a_chain() -> None:
    guard = Chain(Rules(), AskPerson(_answer("Ada")), Rules())
    verdict = asyncio.run(guard.review(AskUser(question="Who?"), page(), Task("x")))
    assert "Ada" in verdict.reason


def test_an_empty_chain_allows_nothing() -> None:
    assert not asyncio.run(Chain().review(DETAILS, page(), Task("x"))).allow


def test_a_click_that_the_model_itself_warns_of_needs_consent() -> None:
    warned = DETAILS.model_copy(update={"confirm": "it pays 12 €"})
    assert risky(DETAILS, page()) == ""
    assert "it pays 12 €" in risky(warned, page())
    assert not asyncio.run(RefuseRisky().review(warned, page(), Task("x"))).allow


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Delete account", True),
        ("Place order", True),
        ("立即支付", True),
        ("Sender", False),
        ("Show deleted items", False),
        ("Save", False),
    ],
)
def test_what_counts_as_risky(name: str, expected: bool) -> None:
    button = Element(0, Box(0, 0, 1, 1), "button", name)
    seen = Observation(Screenshot(b"", 1, 1), elements=(button,))
    assert bool(risky(Click(at=Point(0.5, 0.5), mark=0), seen)) is expected
