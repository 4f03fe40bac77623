"""Pictures for the model: size rule, encoding, marks."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import PIL.Image
import pytest

from gui_agent.images import RED, draw_marks, encode, fit, half, prepare, smaller, tokens
from gui_agent.screen import Box, Element, Screenshot

# The sizes that GLM-4.1V's processor makes of common screens, with its shipped limits.
TABLE = """
320x240 308x252 99
390x844 392x840 420
412x915 420x924 495
360x800 364x812 377
540x1200 532x1204 817
720x1280 728x1288 1196
720x1600 728x1596 1482
1080x1920 1092x1932 2691
1080x2340 1092x2352 3276
1080x2400 1092x2408 3354
1179x2556 1176x2548 3822
1216x2688 1204x2688 4128
1284x2778 1288x2772 4554
1440x3120 1428x3108 5661
640x360 644x364 299
800x600 812x588 609
960x540 952x532 646
1024x768 1036x756 999
1280x720 1288x728 1196
1280x800 1288x812 1334
1366x768 1372x756 1323
1440x900 1428x896 1632
1600x900 1596x896 1824
1920x1080 1932x1092 2691
1920x1200 1932x1204 2967
2048x1191 2044x1204 3139
2560x1440 2548x1428 4641
2560x1600 2548x1596 5187
2880x1800 2772x1708 6039
3440x1440 3388x1400 6050
3840x2160 2912x1624 6032
5120x2880 2912x1624 6032
1x1 84x84 9
294x322 280x336 120
2184x2184 2184x2184 6084
"""


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


@pytest.mark.parametrize("row", TABLE.split("\n")[1:-1])
def test_sizes_and_tokens(row: str) -> None:
    screen, resized, count = row.split()
    assert fit(*_size(screen)) == _size(resized)
    assert tokens(*_size(screen)) == int(count)


def test_extreme_shapes_are_refused_as_the_processor_does() -> None:
    assert fit(5600, 28) == (5600, 28)
    with pytest.raises(ValueError, match="200 times"):
        fit(5629, 28)


def shot(width: int, height: int, form: str = "png", color: str = "white") -> Screenshot:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (width, height), color).save(buffer, form)
    return Screenshot(buffer.getvalue(), width, height, f"image/{form}")


def opened(data: bytes) -> PIL.Image.Image:
    picture: PIL.Image.Image = PIL.Image.open(io.BytesIO(data))
    picture.load()
    return picture


def test_a_picture_within_the_limit_is_sent_as_it_is() -> None:
    screenshot = shot(1280, 720)
    image = prepare(screenshot)
    assert image.data is screenshot.data
    assert (image.media_type, image.width, image.height) == ("image/png", 1280, 720)


def test_a_larger_picture_is_scaled_down_before_it_is_sent() -> None:
    image = prepare(shot(3840, 2160))
    assert opened(image.data).size == (image.width, image.height) == (2912, 1624)
    assert image.media_type == "image/jpeg"


def element(mark: int | None, left: float, top: float, right: float, bottom: float) -> Element:
    return Element(mark, Box(left, top, right, bottom), "button")


Color = tuple[int, int, int]


def pixels(picture: PIL.Image.Image, area: tuple[int, int, int, int]) -> list[Color]:
    data = picture.crop(area).convert("RGB").tobytes()
    return list(zip(data[0::3], data[1::3], data[2::3], strict=True))


def is_red(color: Color) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(color, RED, strict=True))


def reds(picture: PIL.Image.Image, area: tuple[int, int, int, int]) -> float:
    """Share of the pixels in an area that are the marks' red."""
    found = pixels(picture, area)
    return sum(map(is_red, found)) / len(found)


def test_jpeg_keeps_the_colour_of_single_pixels() -> None:
    picture = PIL.Image.new("RGB", (64, 64), "white")
    picture.putpixel((33, 33), (255, 0, 0))
    [(red, green, blue)] = pixels(opened(encode(picture).data), (33, 33, 34, 34))
    assert red > 200
    assert max(green, blue) < 110  # about 190 where colour is stored at half resolution


def test_a_mark_is_a_dashed_outline_with_a_label_on_the_corner() -> None:
    picture = opened(draw_marks(shot(1280, 720), [element(7, 0.5, 0.5, 0.6, 0.6)]).data)
    left, top, right, bottom = 640, 360, 768, 432
    assert reds(picture, (left, top - 12, left + 12, top)) > 0.5, "label above the corner"
    for side in (
        (left + 20, top, right, top + 3),
        (left + 20, bottom - 3, right, bottom),
        (left, top + 10, left + 3, bottom),
        (right - 3, top, right, bottom),
    ):
        assert 0.3 < reds(picture, side) < 0.7, "dashes"
    assert reds(picture, (left + 20, top + 10, right - 5, bottom - 5)) == 0, "inside untouched"
    assert reds(picture, (0, 0, 600, 720)) == 0, "outside untouched"


def test_the_digits_are_white_on_red() -> None:
    dark = shot(1280, 720, color="black")
    picture = opened(draw_marks(dark, [element(88, 0.5, 0.5, 0.6, 0.6)]).data)
    label = pixels(picture, (641, 345, 655, 362))
    assert sum(min(color) > 180 for color in label) >= 10


def test_labels_stay_inside_the_picture() -> None:
    corners = [element(100, 0, 0, 0.05, 0.05), element(101, 0.99, 0.98, 1, 1)]
    picture = opened(draw_marks(shot(640, 360), corners).data)
    assert reds(picture, (0, 0, 20, 12)) > 0.5
    assert reds(picture, (640 - 20, 360 - 24, 640, 360)) > 0.3


def test_labels_do_not_cover_each_other() -> None:
    same = [element(mark, 0.5, 0.5, 0.6, 0.6) for mark in range(3)]
    one = opened(draw_marks(shot(1280, 720), same[:1]).data)
    three = opened(draw_marks(shot(1280, 720), same).data)
    around = (600, 330, 680, 380)
    assert reds(three, around) > 2.2 * reds(one, around)


def test_text_that_can_only_be_read_gets_no_mark() -> None:
    screenshot = shot(640, 360)
    bare = draw_marks(screenshot, [element(None, 0.1, 0.1, 0.5, 0.5)])
    assert reds(opened(bare.data), (0, 0, 640, 360)) == 0


def test_marks_are_larger_on_larger_pictures() -> None:
    def thickness(width: int, height: int) -> int:
        picture = opened(draw_marks(shot(width, height), [element(1, 0, 0.2, 1, 0.8)]).data)
        edge = range(height // 5, height // 5 + 20)
        rows = (pixels(picture, (60, y, width // 2, y + 1)) for y in edge)
        return sum(any(map(is_red, row)) for row in rows)

    assert (thickness(1280, 720), thickness(2560, 1440)) == (3, 6)


def test_marks_are_drawn_on_the_scaled_picture() -> None:
    image = draw_marks(shot(3840, 2160), [element(1, 0.5, 0.5, 0.6, 0.6)])
    assert (image.width, image.height) == (2912, 1624)
    assert reds(opened(image.data), (1456, 812, 1747, 818)) > 0.3


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1"])
def test_any_kind_of_png_can_be_marked(mode: str) -> None:
    buffer = io.BytesIO()
    PIL.Image.new(mode, (320, 240)).save(buffer, "PNG")
    screenshot = Screenshot(buffer.getvalue(), 320, 240, "image/png")
    picture = opened(draw_marks(screenshot, [element(1, 0.5, 0.5, 0.9, 0.9)]).data)
    assert reds(picture, (160, 120, 288, 123)) > 0.3


def test_hundreds_of_marks_cost_little() -> None:
    grid = [
        element(i, (i % 20) / 20, (i // 20) / 16, (i % 20 + 0.9) / 20, (i // 20 + 0.9) / 16)
        for i in range(320)
    ]
    screenshot = shot(1280, 720, "jpeg")
    draw_marks(screenshot, grid)
    costs = []
    for _ in range(5):
        begin = time.process_time()
        draw_marks(screenshot, grid)
        costs.append(time.process_time() - begin)
    assert min(costs) < 0.1  # about 0.02 on an idle machine


@pytest.mark.parametrize(
    ("size", "halved"), [((641, 361), (320, 180)), ((3840, 2160), (1456, 812))]
)
def test_half_is_half_of_what_the_model_would_see(
    size: tuple[int, int], halved: tuple[int, int]
) -> None:
    for form in ("png", "jpeg"):
        image = half(shot(*size, form))
        assert (image.width, image.height, image.media_type) == (*halved, "image/png")
        assert opened(image.data).size == halved


def test_half_is_made_once() -> None:
    screenshot = shot(640, 360)
    assert half(screenshot) is half(replace(screenshot))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(1080, 2400), (1280, 720), (40, 30)])
def test_a_smaller_screenshot_shows_the_same_on_the_grid(form: str, size: tuple[int, int]) -> None:
    width, height = size
    picture = PIL.Image.new("RGB", size, "white")
    picture.paste((200, 0, 0), (width // 2, height // 2, width, height))
    buffer = io.BytesIO()
    picture.save(buffer, form)
    shot = smaller(Screenshot(buffer.getvalue(), width, height, f"image/{form.lower()}"), 0.5)
    shown = PIL.Image.open(io.BytesIO(shot.data)).convert("RGB")
    assert shown.size == (shot.width, shot.height) == fit(*(side // 2 for side in size))
    colours = [
        shown.getpixel((x * shown.width // 8, y * shown.height // 8))
        for x, y in ((3, 3), (5, 5), (5, 3))
    ]
    for colour, expected in zip(
        colours, ((255, 255, 255), (200, 0, 0), (255, 255, 255)), strict=True
    ):
        assert isinstance(colour, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(colour, expected, strict=True))
