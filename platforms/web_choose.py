"""Native lists and file choosers: what a page can't draw, worked the way a person would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gui_agent.actions import SelectOption, Upload
from gui_agent.errors import ActionFailed
from gui_agent.platforms.web_hand import Hand, Spot
from gui_agent.platforms.web_tabs import Tabs
from gui_agent.platforms.web_worlds import World

_CHOOSER_SECONDS = 2.0
_MAX_LISTED = 50


async def select_option(hand: Hand, action: SelectOption) -> str:
    """Raises ActionFailed, listing the options, when none or several fit."""
    spot = await hand.find(action.at, action.mark)
    found = await hand.ask(spot.world, "list")
    if found is None:
        raise ActionFailed(
            "This is no native list: click it, and then click the option in what opens."
        )
    if found["isDisabled"]:
        raise ActionFailed("The list is disabled.")
    index = _index(found["options"], action.option)
    if found["options"][index]["isSelected"]:
        return f'"{found["options"][index]["text"]}" was chosen already.'
    if found["opensInPage"] and not found["isOpen"]:
        await hand.press(spot)
    if found["opensInPage"] or not found["isDropDown"]:
        await _click_option(hand, spot.world, index, found["isMultiple"])
    if not await hand.ask(spot.world, "isSelected", index):
        await hand.ask(spot.world, "choose", index)
    return ""


async def _click_option(hand: Hand, world: World, index: int, adds: bool) -> None:
    at = await hand.ask(world, "optionSpot", index)
    if at is None:
        return
    place = await hand.out_of(world, at["x"], at["y"])
    if place["cover"]:
        return
    async with hand.held(["ControlOrMeta"] if adds else []):
        await hand.press(Spot(world, place["x"], place["y"], "option"))


def _index(options: list[dict[str, Any]], wanted: str) -> int:
    """The option meant: by its text, else in any case, else as the only one that begins so."""
    wanted = " ".join(wanted.split())
    texts = [option["text"] for option in options]
    same = [i for i, text in enumerate(texts) if text == wanted]
    alike = [i for i, text in enumerate(texts) if text.casefold() == wanted.casefold()]
    begun = [i for i, text in enumerate(texts) if text.casefold().startswith(wanted.casefold())]
    fitting = same[:1] or alike[:1] or (begun if len(begun) == 1 and wanted else [])
    if not fitting:
        listed = ", ".join(f'"{text}"' for text in texts[:_MAX_LISTED])
        raise ActionFailed(f'The list has no option "{wanted}". It has: {listed}.')
    if options[fitting[0]]["isDisabled"]:
        raise ActionFailed(f'The option "{texts[fitting[0]]}" is disabled.')
    return fitting[0]


async def upload(hand: Hand, tabs: Tabs, action: Upload) -> str:
    """Click what opens the file chooser, and give it the files. Raises ActionFailed."""
    missing = [path for path in action.paths if not _is_file(path)]
    if missing:
        raise ActionFailed(f"There is no file {missing[0]}.")
    spot = await hand.find(action.at, action.mark)
    chooser = await tabs.choose(hand.press(spot), _CHOOSER_SECONDS)
    if chooser is None:
        raise ActionFailed("Clicking there opens no file chooser: nothing was uploaded.")
    if len(action.paths) > 1 and not chooser.is_multiple():
        raise ActionFailed("Only one file can be uploaded here.")
    await chooser.set_files(list(action.paths))
    return ""


def _is_file(path: str) -> bool:
    return Path(path).is_file()
