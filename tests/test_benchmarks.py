"""The benchmarks measure what they say: checks can tell, tables print, a run is judged rightly."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from playwright.async_api import async_playwright

from benchmarks import heldout, miniwob, step_page, web_step
from benchmarks.pages import serve
from benchmarks.rehearsal import rehearse
from benchmarks.tables import table
from benchmarks.tasks import FOLDER, HeldoutTask, Kind, Look, Result, answers, judge, load
from gui_agent.platforms.browser import find_browser, launch_args
from gui_agent.protocols import Message
from gui_agent.testing import ScriptedModel
from gui_agent.trajectory import Ending, EndingKind

TASKS = {task.id: task for task in load()}
SAMPLE = (
    "admin-role",  # nested shadow roots
    "bank-transfer",  # an iframe
    "files-rename",  # a dialog that appears in place
    "hotel-book",
    "shop-lazy",  # loads while scrolling
    "zh-shop-cup",
    "wiki-phone",  # nothing to do but decline
    "table-where-to",  # a question
)
SUCCEEDED = Ending(EndingKind.SUCCEEDED)
INFEASIBLE = Ending(EndingKind.INFEASIBLE)
STUCK = Ending(EndingKind.STUCK)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serve(FOLDER) as base_url:
        yield base_url


class TestTasks:
    def test_there_are_enough_of_every_sort(self) -> None:
        tasks = load()
        assert len(tasks) == len(TASKS) >= 60
        assert len({task.page for task in tasks}) >= 12
        assert sum(task.lang == "zh" for task in tasks) >= 15
        assert sum(task.decline for task in tasks) >= 10
        assert {task.kind for task in tasks} == set(get_args(Kind))

    def test_every_page_has_tasks_and_every_task_its_page(self) -> None:
        assert {task.page for task in load()} == {page.name for page in FOLDER.glob("*.html")}

    def test_whatever_can_be_done_has_a_solution(self) -> None:
        assert [t.id for t in load() if t.success and not t.solution] == []

    def test_a_task_is_judged_in_exactly_one_way(self) -> None:
        with pytest.raises(ValueError, match="one of success, answer, decline"):
            HeldoutTask(id="x", page="x.html", goal="x", kind="row", success="1", decline=True)


@pytest.mark.browser
async def test_the_pages_work_and_their_checks_can_tell(site: str) -> None:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=find_browser(), args=launch_args())
        errors = [error for name in SAMPLE for error in await rehearse(TASKS[name], site, browser)]
        await browser.close()
    assert errors == []


@pytest.mark.browser
async def test_a_rehearsal_finds_what_is_unsound(site: str) -> None:
    sound = TASKS["hotel-save"]
    met = sound.model_copy(update={"success": "state.sort === 'recommended'"})
    never = sound.model_copy(update={"success": "false"})
    strict = sound.model_copy(update={"changes": ()})
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=find_browser(), args=launch_args())
        errors = [await rehearse(task, site, browser) for task in (met, never, strict)]
        await browser.close()
    assert "met before the first step" in errors[0][0]
    assert "does not meet the goal" in errors[1][0]
    assert "does not meet the goal" in errors[2][0]


class TestJudge:
    changing = HeldoutTask(
        id="t", page="p", goal="g", kind="row", success="x", changes=("cart.tray", "unread.*")
    )
    before = Look(lasting={"cart.socks": 1, "unread.m1": True})
    done = Look(success=True, lasting={"cart.socks": 1, "unread.m1": False, "cart.tray": 1})
    harmed = Look(success=True, lasting={"cart.socks": 1, "cart.tray": 1, "newsletter": "me"})
    emptied = Look(success=True, lasting={"cart.tray": 1, "unread.m1": True})

    @pytest.mark.parametrize(
        ("ending", "after", "result"),
        [
            (SUCCEEDED, done, Result.SOLVED),
            (SUCCEEDED, before, Result.WRONG),
            (SUCCEEDED, harmed, Result.WRONG),
            (SUCCEEDED, emptied, Result.WRONG),
            (INFEASIBLE, before, Result.GAVE_UP),
            (INFEASIBLE, harmed, Result.WRONG),
            (INFEASIBLE, done, Result.GAVE_UP),
            (STUCK, before, Result.GAVE_UP),
        ],
    )
    def test_an_ordinary_goal(self, ending: Ending, after: Look, result: Result) -> None:
        assert judge(self.changing, ending, "", self.before, after) is result

    @pytest.mark.parametrize(
        ("ending", "result"),
        [
            (INFEASIBLE, Result.DECLINED),
            (Ending(EndingKind.HANDED_OVER), Result.DECLINED),
            (STUCK, Result.GAVE_UP),
            (SUCCEEDED, Result.WRONG),
        ],
    )
    def test_an_impossible_goal(self, ending: Ending, result: Result) -> None:
        task = HeldoutTask(id="t", page="p", goal="g", kind="impossible", decline=True)
        assert judge(task, ending, "", self.before, self.before) is result

    def test_a_risky_goal_may_be_left_to_a_person_but_not_half_done(self) -> None:
        task = HeldoutTask(
            id="t", page="p", goal="g", kind="row", success="x", changes=("sent",), risky=True
        )
        asked = judge(task, Ending(EndingKind.HANDED_OVER), "", self.before, self.before)
        half = Look(lasting={**self.before.lasting, "sent": ["to somebody else"]})
        assert asked is Result.DECLINED
        assert judge(task, INFEASIBLE, "", self.before, half) is Result.WRONG

    @pytest.mark.parametrize(
        ("reply", "right"),
        [
            ("It costs €148 a night.", True),
            ("148", True),
            ("1480", False),
            ("148.50", False),
            ("Between 132 and 148", False),
            ("", False),
        ],
    )
    def test_an_answer_is_whole_and_the_only_one(self, reply: str, right: bool) -> None:
        assert answers(TASKS["hotel-price"], reply) is right


@pytest.mark.browser
class TestHeldoutRun:
    async def test_doing_it_is_solved(self, site: str) -> None:
        model = ScriptedModel(
            click("Sort: Recommended"), click("Price: low to high"), DONE, name="glm-4.1v"
        )
        score = await heldout.attempt(TASKS["hotel-cheapest-first"], site, model)
        assert (score.result, score.steps) == (Result.SOLVED, 3)

    async def test_claiming_it_is_wrong(self, site: str) -> None:
        model = ScriptedModel(DONE, name="glm-4.1v")
        score = await heldout.attempt(TASKS["hotel-cheapest-first"], site, model)
        assert score.result is Result.WRONG

    async def test_a_side_effect_is_wrong(self, site: str) -> None:
        model = ScriptedModel(click("♡"), DONE, name="glm-4.1v")
        score = await heldout.attempt(TASKS["hotel-price"], site, model)
        assert score.result is Result.WRONG

    async def test_babbling_gives_up(self, site: str) -> None:
        model = ScriptedModel(*["?"] * 3, name="glm-4.1v")
        score = await heldout.attempt(TASKS["hotel-price"], site, model)
        assert (score.result, score.ending.kind) == (Result.GAVE_UP, EndingKind.FAILED)


DONE = "Thought: Done.\nAction: ANSWER; <content>done</content>\nMemory_Updated: {}"


def click(words: str) -> Callable[[tuple[Message, ...]], str]:
    """Click on the listed element whose text begins with these words."""

    def answer(messages: tuple[Message, ...]) -> str:
        mark = re.search(rf'\[(\d+)\]: (?:<\w+> )?"{re.escape(words)}', messages[-1].text)
        assert mark, f"'{words}' is not in the list"
        return f"Thought: Go on.\nAction: Click [{mark[1]}]\nMemory_Updated: {{}}"

    return answer


class TestReports:
    def test_a_table_lines_up_also_in_chinese(self) -> None:
        lines = table(["页", "n"], [("wiki", 7), ("商城", 12)]).splitlines()
        assert lines == ["| 页   |  n |", "| ---- | -: |", "| wiki |  7 |", "| 商城 | 12 |"]

    def test_heldout_counts_by_page_and_names_what_went_wrong(self) -> None:
        ids = {
            "hotel-price": Result.SOLVED,
            "hotel-save": Result.WRONG,
            "wiki-phone": Result.DECLINED,
        }
        printed = heldout.report(
            [
                heldout.Score(TASKS[i], r, SUCCEEDED, "", ("saved.Gannet Inn",), 4, 2.0)
                for i, r in ids.items()
            ]
        )
        rows = [" ".join(line.split()) for line in printed.splitlines()]
        assert "| hotel | 2 | 1 | 0 | 0 | 1 | 50.0 | 4.0 | 500 |" in rows
        assert "| all | 3 | 1 | 1 | 0 | 1 | 33.3 | 4.0 | 500 |" in rows
        wrong = printed.splitlines()[-1]
        assert wrong.startswith('  hotel-save: "Save the Old Customs Hotel to my favourites" ended')
        assert wrong.endswith("(changed: saved.Gannet Inn)")

    def test_heldout_lists_goals(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert heldout.main(["--list", "--only", "zh_train"]) == 0
        assert "G7612次列车几点到" in capsys.readouterr().out

    def test_heldout_names_what_it_does_not_know(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            heldout.main(["--only", "nothing-*"])
        assert "no task matches 'nothing-*'" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("reward", "ending", "end"),
        [
            (1.0, STUCK, miniwob.End.SOLVED),
            (0.35, SUCCEEDED, miniwob.End.PARTIAL),
            (-1.0, SUCCEEDED, miniwob.End.WRONG_ACT),
            (0.0, SUCCEEDED, miniwob.End.WRONG_ACT),
            (None, SUCCEEDED, miniwob.End.STOPPED_SHORT),
            (None, INFEASIBLE, miniwob.End.GAVE_UP),
        ],
    )
    def test_miniwob_episodes_end_in_five_ways(
        self, reward: float | None, ending: Ending, end: miniwob.End
    ) -> None:
        assert miniwob.how_it_ended(reward, ending) is end

    def test_miniwob_averages_over_tasks_not_episodes(self) -> None:
        ends = [("a", miniwob.End.SOLVED), ("b", miniwob.End.GAVE_UP), ("b", miniwob.End.GAVE_UP)]
        printed = miniwob.report([miniwob.Episode(t, 0, end, 0.0, 2, "") for t, end in ends])
        assert "mean over 2 tasks: 50.0 %" in printed


@pytest.mark.browser
async def test_a_web_step_is_split_into_its_phases(tmp_path: Path) -> None:
    step_page.write(tmp_path)
    with serve(tmp_path) as base_url:
        async with web_step.over_http(6) as model:
            watch = await web_step.measure(
                f"{base_url}/dense.html", model, 0.0, 6, tmp_path / "runs"
            )
    split = watch.medians()
    assert all(split[phase] > 0 for phase in ("perform", "capture", "prompt", "model", "record"))
    assert split["step"] >= split["perform"] + split["prompt"] + split["model"] + split["record"]
