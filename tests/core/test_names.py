"""Names of people: stored form, pinyin and initials, all readings of a surname."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.names import masked_name, normal_name, search_keys


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("张 惠卿", "张惠卿"),
        (" 张\u3000惠\u3000卿 ", "张惠卿"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("Anna  Maria  Li", "Anna Maria Li"),
        ("𠮷田", "𠮷田"),
        ("", ""),
    ],
)
def test_name_is_stored_in_one_way(name, stored):
    assert normal_name(name) == stored


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("张惠卿", ("zhanghuiqing", "zhq", "", "")),
        ("覃芳", ("qinfang", "qf", "tanfang", "tf")),
        ("单雄信", ("shanxiongxin", "sxx", "danxiongxin", "dxx")),
        ("曾国", ("zengguo", "zg", "cengguo", "cg")),
        ("仇英", ("qiuying", "qy", "chouying", "cy")),
        ("欧阳修", ("ouyangxiu", "oyx", "", "")),
        ("尉迟恭", ("yuchigong", "ycg", "", "")),
        ("令狐冲", ("linghuchong", "lhc", "", "")),
        ("买买提·艾力", ("maimaitiaili", "mmtal", "", "")),
        ("吕布", ("lvbu", "lb", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_name_is_found_by_pinyin_and_initials_of_every_reading(name, keys):
    assert search_keys(name) == keys


@pytest.mark.parametrize(
    ("name", "shown"), [("张惠卿", "张*卿"), ("李四", "李*"), ("欧阳小英", "欧**英"), ("", "*")]
)
def test_name_on_a_public_notice_is_masked(name, shown):
    assert masked_name(name) == shown


@given(st.text(max_size=50))
def test_any_name_gives_keys_and_stays_the_same_when_stored_twice(name):
    stored = normal_name(name)
    keys = search_keys(stored)

    assert normal_name(stored) == stored
    assert len(keys) == 4
    assert all(key == key.lower() for key in keys)
