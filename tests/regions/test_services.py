"""The tree of divisions: loading, renaming, moving, merging, replacing, each with its date."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.regions import services
from apps.regions.models import Region
from apps.regions.records import NewRegion, RegionRecord
from tests.factories.accounts import UserFactory
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db
SAMPLE = "tests/data/samples/regions.csv"
DAY = date(2026, 7, 1)

LINES = [
    RegionRecord("999901100201", "黄岭村", "village", "999901100000", ("黄岭",), 4),
    RegionRecord("999901", "青禾县", "county", "", (), 2),
    RegionRecord("999901100000", "安塘乡", "township", "999901", ("安塘",), 3),
]


def tree():
    return list(Region.objects.order_by("sort_key").values_list("full_name", flat=True))


def test_lines_in_any_order_become_a_tree():
    result = services.load(actor=None, records=LINES)

    county, township, village = Region.objects.order_by("sort_key")
    assert (result.created, result.updated, result.same) == (3, 0, 0)
    assert tree() == ["青禾县", "青禾县安塘乡", "青禾县安塘乡黄岭村"]
    assert village.path == f"/{county.pk}/{township.pk}/{village.pk}/"
    assert (village.pinyin, village.initials) == ("huanglingcun", "hlc")
    assert village.aliases == ["黄岭"]
    assert Entry.objects.get().changes == {"created": [None, 3], "updated": [None, 0]}


def test_loading_twice_changes_nothing_and_writes_nothing_down():
    services.load(actor=None, records=LINES)
    before = list(Region.objects.order_by("pk").values())

    result = services.load(actor=None, records=LINES)

    assert (result.created, result.updated, result.same) == (0, 0, 3)
    assert list(Region.objects.order_by("pk").values()) == before
    assert Entry.objects.count() == 1


def test_new_name_in_the_file_keeps_the_old_one_findable():
    services.load(actor=None, records=LINES)
    renamed = RegionRecord("999901100000", "安塘镇", "township", "999901", ("安塘",), 3)

    result = services.load(actor=None, records=[renamed, *LINES[:2]])

    township = Region.objects.get(kind="township")
    assert (result.updated, result.same) == (2, 1)
    assert township.name == "安塘镇"
    assert township.aliases == ["安塘", "安塘乡"]
    assert tree()[2] == "青禾县安塘镇黄岭村"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (RegionRecord("99990", "X", "village", "999901", (), 9), "99990"),
        (RegionRecord("999901100202", "", "village", "999901", (), 9), "9"),
        (RegionRecord("999901100202", "X", "hamlet", "999901", (), 9), "hamlet"),
        (RegionRecord("999901100202", "X", "village", "999902", (), 9), "999902"),
        (RegionRecord("999901100201", "X", "village", "999901100000", (), 9), "999901100201"),
        (RegionRecord("999902", "X", "county", "999901100000", (), 9), "9"),
    ],
    ids=["code", "no name", "kind", "no parent", "twice", "county below township"],
)
def test_bad_line_is_named_and_nothing_is_loaded(line, words):
    with pytest.raises(ValidationError) as refusal:
        services.load(actor=None, records=[*LINES, line])

    assert len(refusal.value.messages) == 1
    assert "9" in refusal.value.messages[0]
    assert words in refusal.value.messages[0]
    assert not Region.objects.exists()


def test_sample_county_is_loaded_by_command(capsys):
    call_command("load_regions", SAMPLE)

    out = capsys.readouterr().out
    kinds = {
        kind: Region.objects.filter(kind=kind).count() for kind in ("county", "township", "village")
    }
    assert out.strip() == "534 created, 0 updated, 0 unchanged"
    assert kinds == {"county": 1, "township": 26, "village": 507}


def test_command_says_which_columns_are_missing(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text("code,name\n999901,青禾县\n", encoding="utf-8")

    with pytest.raises(CommandError, match="level"):
        call_command("load_regions", str(path))


def test_renaming_keeps_the_row_and_answers_to_the_old_name(administrator, places):
    services.rename_region(
        actor=administrator, region=places.township, name="安塘镇", aliases=["安塘"]
    )

    places.township.refresh_from_db()
    places.village.refresh_from_db()
    assert places.township.aliases == ["安塘", "安塘乡"]
    assert places.village.full_name == "青禾县安塘镇黄岭村"
    assert Entry.objects.get().changes["name"] == ["安塘乡", "安塘镇"]


def test_moving_takes_everything_below_along(administrator, places):
    group = RegionFactory(code="999901100201001", name="1组", kind="group", parent=places.village)

    services.move_region(
        actor=administrator,
        region=places.village,
        parent=places.elsewhere,
        reason="县府发〔2026〕3号",
    )

    places.village.refresh_from_db()
    group.refresh_from_db()
    assert places.village.path == f"{places.elsewhere.path}{places.village.pk}/"
    assert group.path == f"{places.village.path}{group.pk}/"
    assert group.full_name == "青禾县石桥镇黄岭村1组"
    assert group.sort_key == f"{places.village.sort_key}999901100201001/"
    assert Entry.objects.get().reason == "县府发〔2026〕3号"


def test_division_cannot_be_moved_below_itself(administrator, places):
    group = RegionFactory(code="999901100201001", name="1组", kind="group", parent=places.village)

    with pytest.raises(ValidationError):
        services.move_region(actor=administrator, region=places.village, parent=group, reason="x")


def test_township_cannot_come_under_a_village(administrator, places):
    with pytest.raises(ValidationError):
        services.move_region(
            actor=administrator, region=places.elsewhere, parent=places.village, reason="x"
        )


def test_merged_village_ends_and_its_successor_answers_to_its_name(administrator, places):
    into = services.merge_regions(
        actor=administrator,
        regions=[places.neighbour],
        into=places.village,
        on=DAY,
        reason="并村",
    )

    places.neighbour.refresh_from_db()
    assert places.neighbour.valid_to == DAY
    assert list(places.neighbour.successors.all()) == [places.village]
    assert into.aliases == ["沙田村"]
    assert Entry.objects.get().code == "regions.region.merged"


def test_township_with_villages_cannot_end(administrator, places):
    with pytest.raises(NotAllowedNow):
        services.merge_regions(
            actor=administrator,
            regions=[places.elsewhere],
            into=places.township,
            on=DAY,
            reason="x",
        )

    places.elsewhere.refresh_from_db()
    assert places.elsewhere.valid_to is None


def test_village_cannot_be_merged_into_itself_or_a_township(administrator, places):
    for into in (places.village, places.township):
        with pytest.raises(ValidationError):
            services.merge_regions(
                actor=administrator, regions=[places.village], into=into, on=DAY, reason="x"
            )


def test_split_village_goes_on_as_two_from_the_same_day(administrator, places):
    records = [
        NewRegion("999901100203", "上黄岭村", "village"),
        NewRegion("999901100204", "下黄岭村", "village"),
    ]

    new = services.replace_region(
        actor=administrator, region=places.village, records=records, on=DAY, reason="分村"
    )

    places.village.refresh_from_db()
    assert places.village.valid_to == DAY
    assert [region.valid_from for region in new] == [DAY, DAY]
    assert set(places.village.successors.all()) == set(new)


def test_code_may_be_used_again_after_its_village_ended(administrator, places):
    record = NewRegion("999901100201", "黄岭社区", "village")

    (new,) = services.replace_region(
        actor=administrator, region=places.village, records=[record], on=DAY, reason="村改居"
    )

    assert new.code == places.village.code
    assert new.pk != places.village.pk


def test_code_in_use_cannot_be_given_again(administrator, places):
    record = NewRegion("999901100202", "黄岭村", "village")

    with pytest.raises(ValidationError):
        services.create_region(actor=administrator, parent=places.township, record=record)


def test_database_itself_refuses_the_same_code_in_the_same_time(places):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionFactory(code="999901100201", name="另村", parent=places.township)


def test_clerk_may_not_change_divisions(township_clerk, places):
    with pytest.raises(NotPermitted):
        services.rename_region(actor=township_clerk, region=places.village, name="X村", aliases=[])


def test_administrator_of_another_township_is_out_of_scope(places):
    boss = UserFactory(role="administrator", regions=[places.elsewhere])

    with pytest.raises(OutOfScope):
        services.rename_region(actor=boss, region=places.village, name="X村", aliases=[])
