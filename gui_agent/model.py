"""The model client: asks an OpenAI-compatible server (vLLM, SGLang, the hosted GLM API) and reads
the answer as it is written.

It asks again only where a second try may help. The API key is in no message, repr or log.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gui_agent import address, failures, wire
from gui_agent.abilities import Abilities, probe
from gui_agent.address import NO_KEY
from gui_agent.bounded import bounded
from gui_agent.errors import ModelError
from gui_agent.failures import Failure
from gui_agent.manners import Manners
from gui_agent.media import Media
from gui_agent.protocols import Message, Sampling
from gui_agent.trajectory import Completion

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")
Until = Callable[[str], bool]
log = logging.getLogger(__name__)

_NO_SUCH_PATH = (404, 405, 501)
_LONGEST_PAUSE = 20.0
_GRACE, _SHORT_GRACE = 1.0, 0.2
"""Seconds a server gets to end a whole answer by itself and say what it used; the short one where
all but the number of cached tokens is known already."""


class GLM:
    """A model behind an OpenAI-compatible server. One client for many runs; it belongs to the event
    loop it is first used in, until it is closed."""

    def __init__(
        self,
        base_url: str = "http://localhost:8000/v1",
        model: str | None = None,
        *,
        api_key: str | None = None,
        timeout: float = 300.0,
        idle_timeout: float = 120.0,
        connect_timeout: float = 10.0,
        retries: int = 3,
        backoff: float = 0.5,
        local_media: Path | None = None,
    ) -> None:
        """`model=None` takes the first one that the server lists. All times are in seconds:
        `timeout` for an answer with all its retries, `idle_timeout` for a silence within it,
        `backoff` for the first pause before a retry, which doubles each time. `local_media` is a
        folder through which pictures reach a server on this machine that may read it.

        Raises SetupError for a URL, key or folder that can't be right. Nothing is connected yet.
        """
        self.url = address.base_url(base_url)
        self._model = model
        self._served: str | None = None
        self._listed: tuple[str, ...] = ()
        self._key = address.api_key(api_key)
        self._timeout, self._idle, self._connecting = timeout, idle_timeout, connect_timeout
        self._briefly = min(timeout, 30.0)
        self._retries, self._backoff = retries, backoff
        self._manners = Manners()
        self._abilities: Abilities | None = None
        self._client: AsyncOpenAI | None = None
        self._calls = 0
        self._media = Media(local_media)

    @property
    def name(self) -> str:
        """The served name once it is known, before that the one asked for, or ""."""
        return self._served or self._model or ""

    def __repr__(self) -> str:
        return f"GLM({self.url!r}, {self.name!r})"

    async def identify(self) -> str:
        """The served model's name, checked against the server once. Raises ModelError."""
        if self._served is None:
            self._listed = await self._persist(self._list, self._briefly)
            self._served = await self._choose()
        return self._served

    async def complete(
        self, messages: tuple[Message, ...], sampling: Sampling, until: Until | None = None
    ) -> Completion:
        """Ask; stops reading as soon as `until(text so far)` is true, or the text goes in circles.

        A bound on the thinking, or a grammar, is applied in the best way the server has; the first
        request that wants one finds out which. Raises ModelError. Cancelling it makes the server
        stop too.
        """
        await self.identify()
        if self._media.named is None and self._media.again(messages):
            self._media.named = False  # whoever asks meanwhile sends them whole
            self._media.name(await self._keeps_pictures())
        if sampling.thinking is not None or sampling.grammar:
            return await bounded(self._asking, await self.abilities(), messages, sampling, until)
        return await self._asking(messages, sampling, until)

    async def _asking(
        self, messages: tuple[Message, ...], sampling: Sampling, until: Until | None
    ) -> Completion:
        return await self._persist(lambda: self._ask(messages, sampling, until), self._timeout)

    async def abilities(self) -> Abilities:
        """What the server can beyond OpenAI's API; tried once. Raises ModelError."""
        if self._abilities is None:
            await self.identify()

            async def ask(messages: tuple[Message, ...], sampling: Sampling) -> str:
                return (await self._asking(messages, sampling, None)).text

            self._abilities = await probe(ask)
        return self._abilities

    async def _keeps_pictures(self) -> bool:
        """Does the server take a name in place of a picture that it was sent, and still show it?"""
        import PIL.Image

        from gui_agent.images import encode

        look = (Message("user", (encode(PIL.Image.new("RGB", (56, 56))), "Hello")),)
        trial = GLM(self.url, self.name, api_key=self._key, retries=0)
        trial._served, trial._media.named = self.name, True
        try:
            if not await trial.call("/version"):  # vLLM's; others may drop what they don't know
                return False
            tries = [await trial._asking(look, Sampling(max_tokens=1), None) for _ in range(2)]
        except ModelError:
            return False
        finally:
            await trial.close()
        whole, named = (done.usage.prompt_tokens for done in tries)
        return whole == named > 0 and not trial._media.misses

    async def call(self, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """What another path of the server answers, such as `/tokenize`; with a body it is posted.

        Empty where there is no such path. Raises ModelError.
        """
        return await self._persist(lambda: self._call(path, body), self._briefly)

    async def _call(self, path: str, body: Mapping[str, Any] | None) -> Mapping[str, Any]:
        from openai import APIStatusError

        client, url = self._connect(), re.sub(r"/v\d+$", "", self.url) + path
        try:
            if body is None:
                answer = await client.get(url, cast_to=object)
            else:
                answer = await client.post(url, cast_to=object, body=dict(body))
        except APIStatusError as error:
            if error.status_code in _NO_SUCH_PATH:
                return {}
            raise
        return answer if isinstance(answer, dict) else {}

    async def close(self) -> None:
        """Let go of connections and files; the next question makes new ones. While another run
        that shares this client waits for an answer, they stay."""
        if self._calls:
            return
        self._media.close()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _connect(self) -> AsyncOpenAI:
        if self._client is None:
            # Imported late: it takes half a second.
            from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

            # No proxy can reach this machine's own loopback address.
            http = (
                DefaultAsyncHttpxClient(trust_env=False) if address.is_loopback(self.url) else None
            )
            self._client = AsyncOpenAI(
                base_url=self.url,
                api_key=self._key,
                timeout=Timeout(self._idle, connect=self._connecting),
                max_retries=0,
                http_client=http,
            )
        return self._client

    async def _list(self) -> tuple[str, ...]:
        from openai import APIStatusError

        try:
            async with self._connect().models.with_streaming_response.list() as response:
                return wire.model_names(await response.read())
        except APIStatusError as error:
            if self._model and error.status_code in _NO_SUCH_PATH:
                return ()
            raise

    async def _choose(self) -> str:
        if self._model is None:
            if not self._listed:
                text = f"The server at {self.url} lists no model; name the one to use."
                raise ModelError(text, "model")
            return self._listed[0]
        if self._model in self._listed or not self._listed:
            return self._model
        for listed in self._listed:
            if listed.lower() == self._model.lower():
                return listed
        # Hosted servers have models that they don't list: only an answer tells.
        await self._persist(lambda: self._ask(_HELLO, Sampling(max_tokens=1), None), self._briefly)
        return self._model

    async def _ask(
        self, messages: tuple[Message, ...], sampling: Sampling, until: Until | None
    ) -> Completion:
        from openai import BadRequestError, UnprocessableEntityError

        answer = wire.Answer(time.perf_counter())
        picture = self._media.part
        fields, further = self._manners.request(self.name, messages, sampling, picture)
        chat = self._connect().chat.completions.with_streaming_response
        try:
            async with chat.create(**fields, extra_body=further) as response:
                await self._read(response, answer, until)
        except (BadRequestError, UnprocessableEntityError) as error:
            said = wire.words(error.response.text)
            if self._media.missed(said):
                return await self._ask(messages, sampling, until)
            change = self._manners.learn(said, sampling)
            if not change:
                raise
            log.warning("%s %s.", self.url, change)
            return await self._ask(messages, sampling, until)
        self._media.sent(messages)
        return answer.completion(self.name)

    async def _read(self, response: Any, answer: wire.Answer, until: Until | None) -> None:
        kind = response.headers.get("content-type", "")
        if "html" in kind:
            raise wire.WebPage
        if "json" in kind:  # a server that can't stream
            answer.take(wire.parse(await response.read()), time.perf_counter())
        else:
            await self._follow(response, answer, until)
        if answer.finish_reason == "network_error":  # the hosted GLM API: its own inference failed
            raise wire.Broken("the server's inference failed")
        if not answer.finish_reason:
            raise wire.Broken("it ended in the middle" if answer.text else "it is empty")

    async def _follow(self, response: Any, answer: wire.Answer, until: Until | None) -> None:
        """Reads to the end, but once the answer is whole only for a short grace."""
        events = wire.Events()
        late: tuple[type[Exception], ...] = (TimeoutError, wire.Broken, *_transport_errors())
        try:
            async with asyncio.timeout(None) as limit, aclosing(response.iter_bytes()) as blocks:
                async for block in blocks:
                    for event in events.feed(block):
                        answer.take(event, time.perf_counter())
                        answer.ask(until)
                    if answer.finish_reason and limit.when() is None:
                        grace = _SHORT_GRACE if answer.usage else _GRACE
                        limit.reschedule(asyncio.get_running_loop().time() + grace)
        except late:
            if not answer.finish_reason:
                raise

    async def _persist(self, call: Callable[[], Awaitable[T]], seconds: float) -> T:
        """Calls until it works, within so many seconds."""
        self._calls += 1
        try:
            async with asyncio.timeout(seconds) as limit:
                return await self._insist(call, limit)
        except TimeoutError:
            if not limit.expired():
                raise
        finally:
            self._calls -= 1
        raise ModelError(
            f"The model server at {self.url} gave no whole answer within {seconds:g} s. Look at its"
            " log; a long answer needs a longer timeout or a lower max_tokens."
        )

    async def _insist(self, call: Callable[[], Awaitable[T]], limit: asyncio.Timeout) -> T:
        """Calls again after failures that may pass, later and later."""
        errors: tuple[type[Exception], ...] = (*_WIRE_ERRORS, *_transport_errors())
        for attempt in count():
            try:
                return await call()
            except errors as error:
                failure = self._failure(error)
            pause = self._pause(attempt, failure)
            left = (limit.when() or 0.0) - asyncio.get_running_loop().time()
            if not failure.again or attempt >= self._retries or pause > left:
                break
            log.info("Asking again in %.1f s: %s", pause, failure.text)
            await asyncio.sleep(pause)
        # Out here, no exception that may quote the request hangs on to it.
        raise ModelError(failure.text, failure.kind)

    def _pause(self, attempt: int, failure: Failure) -> float:
        if failure.after is not None:
            return failure.after
        pause: float = min(self._backoff * 2**attempt, _LONGEST_PAUSE)
        return pause * random.uniform(0.5, 1.0)

    def _failure(self, error: Exception) -> Failure:
        from openai import APIConnectionError, APIStatusError

        match error:
            case APIStatusError():
                said = self._words(error.response.text)
                headers = error.response.headers
                return failures.of_status(error.status_code, said, self.url, headers, self._listed)
            case wire.Refused():
                said = self._words(error.body)
                return failures.of_status(error.status, said, self.url, {}, self._listed)
            case wire.WebPage():
                return failures.web_page(self.url)
        cause = error.__cause__ if isinstance(error, APIConnectionError) else error
        # By name: they are httpx's, or httpx2's from openai 3 on.
        name, reason = type(cause).__name__, self._words(str(cause) or type(cause).__name__)
        if name == "ReadTimeout":
            return failures.silent(self.url, self._idle)
        if name.startswith("Connect"):
            return failures.unreachable(self.url, reason)
        return failures.broken(self.url, reason)

    def _words(self, body: str) -> str:
        """What the server says; some quote the key that they refuse."""
        return wire.words(body if self._key == NO_KEY else body.replace(self._key, "***"))


_HELLO = (Message("user", ("Hello",)),)
_WIRE_ERRORS = (wire.Broken, wire.Refused, wire.WebPage)


def _transport_errors() -> tuple[type[Exception], ...]:
    """What asking may raise: openai's errors, and those of the libraries below that slip through
    it while a body is read."""
    import anyio
    import openai

    # openai 3 stands on httpx2, earlier ones on httpx.
    http = [sys.modules[name] for name in ("httpx", "httpx2") if name in sys.modules]
    requests = (module.RequestError for module in http)
    return (openai.APIError, *requests, ssl.SSLError, anyio.EndOfStream)
