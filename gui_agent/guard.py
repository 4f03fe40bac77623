"""Guards: what an agent may do, and when a person is asked. Fail closed: no word is a no."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from gui_agent.actions import (
    SETTLED,
    Action,
    AskUser,
    Click,
    CloseTab,
    GoBack,
    GoHome,
    OpenUrl,
    SwitchTab,
    TakeOver,
    Wait,
    describe,
)
from gui_agent.protocols import Guard
from gui_agent.screen import Element, Observation
from gui_agent.trajectory import Task, Verdict

Ask = Callable[[str], Awaitable[str]]
"""Puts a question to a person and returns what they typed; "" when nobody answers."""

_YES = frozenset({"y", "yes", "ok", "是", "好", "确认"})

_RISKY = re.compile(
    r"\b(pay|buy|purchase|order|checkout|check out|book now|subscribe|unsubscribe|transfer|donate"
    r"|delete|remove|erase|discard|reset|uninstall|deactivate|close account"
    r"|send|post|publish|share|invite|sign out|log out)\b"
    r"|支付|付款|购买|下单|结算|订阅|转账|捐款|删除|移除|清空|重置|卸载|注销|发送|发布|分享|退出登录",
    re.IGNORECASE,
)


_LEAVES = (OpenUrl, GoBack, GoHome, SwitchTab, CloseTab, Wait, *SETTLED)
"""All that may be done on a browser's own error page."""


class Rules:
    """The default: opens only web pages, only on the hosts allowed when some are named, and never
    talks a browser out of a warning, such as that of a certificate that is not trusted."""

    def __init__(self, allowed_hosts: tuple[str, ...] = ()) -> None:
        """`allowed_hosts`: "example.com" allows itself and its subdomains; empty allows all."""
        self.allowed_hosts = allowed_hosts

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        if isinstance(action, OpenUrl):
            return self._may_open(action.url)
        if observation.where.startswith("chrome-error:") and not isinstance(action, _LEAVES):
            return Verdict(False, "this page is the browser's own warning; open another, go back.")
        if self._outside(observation.where):
            return Verdict(False, f"{_host(observation.where)} is not an allowed host; go back.")
        return Verdict(True)

    def _may_open(self, url: str) -> Verdict:
        scheme = urlsplit(url).scheme.lower()
        if scheme not in ("", "http", "https", "about"):
            return Verdict(False, f"{scheme}: addresses can't be opened, only web pages.")
        if self._outside(url if scheme else f"https://{url}"):
            return Verdict(False, f"the host of {url} is not allowed.")
        return Verdict(True)

    def _outside(self, url: str) -> bool:
        host = _host(url)
        return bool(self.allowed_hosts and host) and not any(
            host == allowed or host.endswith(f".{allowed}") for allowed in self.allowed_hosts
        )


class AskPerson:
    """Lets a person answer the model's questions, take over, and decide on risky actions."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        match action:
            case AskUser(question=question):
                return _relayed("The user answers", await self.ask(question))
            case TakeOver(reason=reason):
                words = await self.ask(f"{reason} Please do this yourself, then type 'done'.")
                return _relayed("The user has taken over and says", words)
        if not (risk := risky(action, observation)):
            return Verdict(True)
        wanted = describe(action, observation)
        answer = await self.ask(f"The agent wants to {wanted} ({risk}). Allow? [y/N]")
        if answer.strip().lower() in _YES:
            return Verdict(True)
        return Verdict(False, f"the user does not want this ({risk}).")


class RefuseRisky:
    """Nobody is there to ask, so whatever is risky is refused."""

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        if risk := risky(action, observation):
            return Verdict(False, f"this needs a person's consent ({risk}).")
        return Verdict(True)


class Chain:
    """Several guards in a row: the first refusal stands, and the first person's answer is kept."""

    def __init__(self, *guards: Guard) -> None:
        self.guards = guards

    async def review(self, action: Action, observation: Observation, task: Task) -> Verdict:
        verdict = Verdict(False, "no guard allows anything")
        reason = ""
        for guard in self.guards:
            verdict = await guard.review(action, observation, task)
            if not verdict.allow:
                return verdict
            reason = reason or verdict.reason
        return Verdict(verdict.allow, reason or verdict.reason)


def risky(action: Action, observation: Observation) -> str:
    """Why this action may pay, send or destroy something, or "" if nothing suggests so."""
    if not isinstance(action, Click):
        return ""
    if action.confirm:
        return f'the model asks for consent: "{action.confirm}"'
    element = _element(observation, action.mark) or _smallest_at(observation, action)
    words = element.name or element.text if element else ""
    return f'it presses "{words}"' if _RISKY.search(words) else ""


def _element(observation: Observation, mark: int | None) -> Element | None:
    return observation.element(mark) if mark is not None else None


def _smallest_at(observation: Observation, click: Click) -> Element | None:
    """The innermost interactive element under a click that names none."""
    hit = [e for e in observation.marked if e.box.contains(click.at)]
    return min(hit, key=_area, default=None)


def _area(element: Element) -> float:
    box = element.box
    return (box.right - box.left) * (box.bottom - box.top)


def _relayed(prefix: str, words: str) -> Verdict:
    return Verdict(True, f"{prefix}: {words.strip()}" if words.strip() else "")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
