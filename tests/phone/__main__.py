"""Run a simulated phone by hand: `python -m tests.phone --help`."""

from __future__ import annotations

import argparse
import signal
import sys

from tests.phone.faults import FAULTS
from tests.phone.phone import Phone
from tests.phone.profiles import PROFILES


def main() -> int:
    """Start one phone, say how to reach it, and take faults from standard input."""
    parser = argparse.ArgumentParser(prog="python -m tests.phone", description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="android14")
    parser.add_argument("--screen", choices=("chromium", "pillow"), default="chromium")
    parser.add_argument("--authorize", choices=("open", "ask", "refuse"), default="open")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    connect = options.authorize == "open"
    with Phone(
        options.profile, options.screen, authorize=options.authorize, connect=connect
    ) as phone:
        sys.stdout.write(_reach(phone))
        try:
            for line in sys.stdin:
                sys.stdout.write(_obey(phone, line.split()) + "\n")
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


def _reach(phone: Phone) -> str:
    names = ("ANDROID_ADB_SERVER_PORT", "HOME", "ANDROID_SERIAL")
    exports = "".join(f"export {name}={phone.env[name]}\n" for name in names)
    return (
        f"A simulated {phone.device.profile.model} is at {phone.serial}. In another terminal:\n\n"
        f"{exports}\nHere: a fault ({', '.join(sorted(FAULTS))}), `mend FAULT`, `allow`, `state`,"
        " or Ctrl+C.\n"
    )


def _obey(phone: Phone, words: list[str]) -> str:
    try:
        match words:
            case ["state"]:
                return str(phone.state)
            case ["allow"]:
                phone.allow()
            case ["mend", name]:
                phone.mend(name)
            case [name]:
                phone.break_(name)
    except ValueError as error:
        return str(error)
    return "ok"


if __name__ == "__main__":
    sys.exit(main())
