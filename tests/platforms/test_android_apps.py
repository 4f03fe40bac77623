"""Which app a name means, on phones of several makers and languages."""

from __future__ import annotations

from itertools import chain

import pytest

from gui_agent.errors import ActionFailed
from gui_agent.platforms.android_apps import App, find, names
from gui_agent.platforms.android_names import known

PHONE = [
    App("com.tencent.mm", "微信"),
    App("com.tencent.wework", "企业微信"),
    App("com.android.settings", "Settings"),
    App("com.android.chrome", "Chrome"),
    App("com.miui.notes"),
    App("com.google.android.deskclock", "Clock"),
    App("com.example.shop", "Corner Shop"),
    App("com.example.bank", "街角银行"),
    App("com.unknown.thing"),
]


@pytest.mark.parametrize(
    ("name", "package"),
    [
        *(("com.tencent.mm", "com.tencent.mm"), (" com.tencent.mm ", "com.tencent.mm")),
        *(("微信", "com.tencent.mm"), ("WeChat", "com.tencent.mm"), ("we chat", "com.tencent.mm")),
        *(
            ("Weixin", "com.tencent.mm"),
            ("微信app", "com.tencent.mm"),
            ("打开微信", "com.tencent.mm"),
        ),
        *(("企业微信", "com.tencent.wework"), ("WeChat Work", "com.tencent.wework")),
        *(("设置", "com.android.settings"), ("SETTINGS", "com.android.settings")),
        *(("the Settings app", "com.android.settings"), ("ｓettings", "com.android.settings")),
        *(("Google Chrome", "com.android.chrome"), ("谷歌浏览器", "com.android.chrome")),
        *(("Browser", "com.android.chrome"), ("浏览器", "com.android.chrome")),
        *(("备忘录", "com.miui.notes"), ("Notes", "com.miui.notes"), ("便签", "com.miui.notes")),
        *(("Alarm", "com.google.android.deskclock"), ("闹钟", "com.google.android.deskclock")),
        *(("Shop", "com.example.shop"), ("corner-shop", "com.example.shop")),
        *(("银行", "com.example.bank"), ("com.unknown.thing", "com.unknown.thing")),
    ],
)
def test_a_name_means_one_installed_app(name: str, package: str) -> None:
    assert find(name, PHONE).package == package


@pytest.mark.parametrize("name", ["淘宝", "Taobao", "QQ", "Keep", "", "  ", "应用", "C", "S", "o"])
def test_a_name_of_nothing_installed_names_the_nearest(name: str) -> None:
    with pytest.raises(ActionFailed, match=r"No app called .* The phone has .*Chrome"):
        find(name, PHONE)


def test_a_brand_never_means_another_app_that_holds_its_name() -> None:
    with pytest.raises(ActionFailed, match="企业微信"):
        find("微信", [App("com.tencent.wework", "企业微信")])
    with pytest.raises(ActionFailed, match="YouTube Music"):
        find("YouTube", [App("com.google.android.apps.youtube.music", "YouTube Music")])


def test_the_nearest_come_first() -> None:
    with pytest.raises(ActionFailed, match="The phone has Settings,"):
        find("Setings", PHONE)


def test_several_candidates_are_named_and_none_is_opened() -> None:
    twins = [App("com.a", "Clock"), App("com.b", "Clock"), App("com.c", "Mail")]
    with pytest.raises(ActionFailed, match=r"Several.*Clock \(com\.a\), Clock \(com\.b\)"):
        find("clock", twins)
    assert find("com.b", twins).package == "com.b"
    with pytest.raises(ActionFailed, match=r"Corner Shop, Flower Shop"):
        find("shop", [App("a", "Corner Shop"), App("b", "Flower Shop")])


def test_a_label_counts_before_the_table() -> None:
    phone = [App("com.android.contacts", "Phone"), App("com.google.android.dialer", "Dial")]
    assert find("Phone", phone).package == "com.android.contacts"


def test_a_purpose_is_found_by_a_label_in_another_language() -> None:
    assert find("Messages", [App("com.maker.sms", "短信")]).package == "com.maker.sms"


def test_the_first_package_of_a_purpose_wins() -> None:
    phone = [App("com.android.chrome", "Chrome"), App("com.sec.android.app.sbrowser", "Samsung")]
    assert find("浏览器", phone).package == "com.sec.android.app.sbrowser"


def test_no_apps_at_all_is_said() -> None:
    with pytest.raises(ActionFailed, match="No app that can be opened is known"):
        find("Settings", [])


def test_a_message_is_short_whatever_the_model_asked_for() -> None:
    crowd = [App(f"com.example.app{n}", f"App number {n}") for n in range(300)]
    with pytest.raises(ActionFailed) as caught:
        find("x" * 10_000, crowd)
    assert len(str(caught.value)) < 400


def test_names_are_labels_else_what_is_known() -> None:
    assert names(PHONE) == (
        *("Chrome", "Clock", "com.unknown.thing", "Corner Shop", "Notes", "Settings"),
        *("企业微信", "微信", "街角银行"),
    )


def test_the_table_is_sound() -> None:
    for entry in known():
        assert all(name == name.strip() for name in entry.names)
        assert all("." in package for package in entry.packages), entry
    brands = [entry for entry in known() if entry.brand]
    packages = list(chain.from_iterable(entry.packages for entry in brands))
    assert len(set(packages)) == len(packages)


def test_every_known_name_finds_its_app() -> None:
    everything = [App(package) for entry in known() for package in entry.packages]
    for entry in known():
        for name in entry.names:
            found = find(name, everything)
            meant = [e for e in known() if found.package in e.packages]
            assert any(name in e.names for e in meant), (name, found)
