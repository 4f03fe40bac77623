"""English verbs by what they ask for. Data only."""

from __future__ import annotations

import re

PLAIN = (
    "click on|click|press on|press|tap on|tap|hit|push|open up|open|go over to|go to|go back to"
    "|navigate to|visit|view|switch to|switch over to|jump to|follow|launch|head over to|head to"
    "|bring up|pull up|return to|bring me to|take me to|focus on|focus into|focus|jump to|go on to"
    "|continue to|move on to|proceed to"
)
"""The thing named is to be clicked; the verb itself need not be on it."""

SETTING = (
    "set|change|update|adjust|raise|lower|increase|decrease|reduce|slide|drag|switch|move|make"
    "|turn|rate"
)
"""`set FIELD to VALUE`"""

TYPING = "enter|type in|type|write|input|put in|put|insert|fill in|key in|paste|specify"
"""`type VALUE into FIELD`"""

CHOOSING = "choose|select|pick|go for|opt for|go with"
"""`choose OPTION for FIELD`"""

FILLING = "fill in|fill out|fill up|fill|complete"
"""`fill FIELD with VALUE`"""

ON = "check off|check|tick off|tick|enable|turn on|switch on|activate|toggle on|opt in to|opt into"
OFF = "uncheck|untick|disable|turn off|switch off|deactivate|toggle off|opt out of"
PICKING_OFF = "deselect|unselect|clear"

DEEDS = (
    "add|remove|delete|erase|save|submit|send|confirm|cancel|close|dismiss|buy|purchase|order|book"
    "|reserve|pay|log in|log on|login|sign in|sign up|sign out|log out|register|subscribe"
    "|unsubscribe|download|export|upload|import|share|reply|forward|archive|star|like|unlike"
    "|approve|reject|accept|decline|apply|sort|filter|show|hide|collapse|expand|unfold|create"
    "|edit|rename|copy|print|refresh|reload|reset|continue|proceed|start|stop|play|pause|join"
    "|leave|complete|finish|publish|post|comment|assign|zoom|invite|upgrade|check out|place"
    "|return|deselect|unselect|clear|empty|get|mute|unmute|pin|unpin|snooze|flag|block|report"
    "|display|list|compare|preview|restore|undo|redo|schedule|reopen|merge|resolve|mark|transfer"
    "|track|request|see|make|respond|stay|discard|withdraw|collect|lock|unlock|hang up|call"
)
"""The verb itself is to be found on what is clicked."""

ASKING = (
    "at what|in what|in which|on what|on which|until when|until what|for how|by when|from when"
    "|tell|answer|what|how|which|who|when|where|is|are|does|read|find out|check what|check how"
)

OTHER = (
    "scroll|hover|wait|drag|search|look for|look up|find|locate|use|double-click|double click"
    "|right-click|right click|go back|point|look|take|give|keep|stop|freeze|unfreeze|renew|rent"
    "|borrow|extend|watch|remind|jump|go on|fly|withdraw|rate|invite|cancel|post|say|attach|top up"
    "|calculate|compute|work out|evaluate|store"
)


def alternatives(*groups: str) -> str:
    """A regular expression for any verb of these groups, the longest first, as whole words."""
    verbs = sorted({verb for group in groups for verb in group.split("|")}, key=len, reverse=True)
    return (
        r"(?:" + "|".join(re.escape(verb).replace(r"\ ", r"\s+") for verb in verbs) + r")(?![\w-])"
    )


ANY = alternatives(
    PLAIN, SETTING, TYPING, CHOOSING, FILLING, ON, OFF, PICKING_OFF, DEEDS, ASKING, OTHER
)
