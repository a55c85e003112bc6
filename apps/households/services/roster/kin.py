"""Couples and parents that follow from the roles in a household. Set-based; adds, never alters.

A roster states what people are to the head, not how they came to be so: the nature of a kinship
stays "unknown", and only an unambiguous pair becomes a marriage.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from apps.core.bulk import staging_table
from apps.households.choices import MARRIED
from apps.households.rules import DAUGHTERS, SONS, SPOUSE

# A parent is at least that much older than a child, in years.
LEAST_GAP = 12
FATHERS, MOTHERS = ("51", "57"), ("52", "58")
ANY_PARENT = ("50", "51", "52", "57", "58")
TAKEN_IN = ("27", "37")
SON_IN_LAW, DAUGHTER_IN_LAW = "28", "38"


def link_families(household_ids: Iterable[int], on: date) -> tuple[int, int]:
    """Add the marriages and kinships that the roles in these households show.

    Returns how many of each were added. Looks at the members as they are in the register now,
    so a line that comes in later finds its relatives. Must run inside a transaction.
    """
    rows = [(number,) for number in sorted(set(household_ids))]
    if not rows:
        return 0, 0
    staging_table("roster_family", {"id": "bigint"}, rows)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_member")
        cursor.execute(MEMBERS)
        # With an index a wrong guess of the planner costs a look-up, not a walk through everybody.
        cursor.execute("CREATE INDEX ON roster_member (person_id)")
        cursor.execute("CREATE INDEX ON roster_member (household_id)")
        cursor.execute("ANALYZE roster_member")
        cursor.execute(KNOWN_SPOUSES)
        cursor.execute(COUPLES, _couple_params(on))
        marriages = cursor.rowcount
        cursor.execute(PARENTS, _parent_params())
        return marriages, cursor.rowcount


# Who is in these households now, alive, with what a pair is judged by.
MEMBERS = """
    CREATE TEMPORARY TABLE roster_member ON COMMIT DROP AS
    SELECT m.household_id, m.person_id, m.relationship_to_head AS role, m.is_head,
        p.sex, p.name, p.birth_date, p.marital_status, p.first_marriage_on
    FROM roster_family f
    JOIN households_membership m ON m.household_id = f.id AND m.valid_to IS NULL
    JOIN households_person p ON p.id = m.person_id AND p.died_on IS NULL
"""
# A wife's roster may have named the husband before the register knew him.
KNOWN_SPOUSES = """
    UPDATE households_marriage g SET husband_id = s.person_id, spouse_name = ''
    FROM roster_member w
    JOIN roster_member s ON s.household_id = w.household_id AND s.sex = '1' AND w.sex = '2'
    WHERE g.wife_id = w.person_id AND g.husband_id IS NULL AND g.valid_to IS NULL
        AND g.spouse_name = s.name AND s.marital_status <> '10'
        AND NOT EXISTS (SELECT FROM households_marriage o
            WHERE o.husband_id = s.person_id
            AND daterange(o.valid_from, o.valid_to) && daterange(g.valid_from, g.valid_to))
"""
# One pair per household and kind of pair: head and spouse; the head's parents; one married child
# and the one child-in-law. Two candidates on a side are ambiguous, so neither counts.
COUPLES = """
    WITH side AS (
        SELECT household_id, min(person_id) FILTER (WHERE place) AS first_id,
            min(person_id) FILTER (WHERE NOT place) AS second_id
        FROM (
            SELECT household_id, person_id, marital_status, CASE
                WHEN is_head OR role IN %(spouse)s THEN 'head'
                WHEN role IN %(parents)s THEN 'parents'
                WHEN role IN %(sons)s OR role = %(daughter_in_law)s THEN 'son'
                WHEN role IN %(daughters)s OR role = %(son_in_law)s THEN 'daughter'
                END AS pair,
                is_head OR role IN %(firsts)s AS place
            FROM roster_member
            WHERE sex IN ('1', '2') AND (marital_status IN %(married)s
                OR (marital_status = '' AND (is_head OR role IN %(spouse)s)))
        ) AS candidate
        WHERE pair IS NOT NULL
        GROUP BY household_id, pair
        HAVING count(*) FILTER (WHERE place) = 1 AND count(*) FILTER (WHERE NOT place) = 1
    ), pair AS (
        SELECT CASE a.sex WHEN '2' THEN a.person_id ELSE b.person_id END AS wife,
            CASE a.sex WHEN '1' THEN a.person_id ELSE b.person_id END AS husband,
            a.marital_status = '21' AND b.marital_status = '21' AS is_first,
            coalesce(a.first_marriage_on, b.first_marriage_on) AS first_on
        FROM side s
        JOIN roster_member a ON a.person_id = s.first_id
        JOIN roster_member b ON b.person_id = s.second_id AND b.sex <> a.sex
    ), dated AS (
        SELECT wife, husband, is_first, CASE
            WHEN is_first AND first_on IS NOT NULL THEN first_on
            WHEN EXISTS (SELECT FROM households_marriage o WHERE o.wife_id = wife)
                OR EXISTS (SELECT FROM households_marriage o WHERE o.husband_id = husband)
                THEN %(on)s::date
            END AS since
        FROM pair
    )
    INSERT INTO households_marriage
        (wife_id, husband_id, spouse_name, "order", valid_from, from_precision, end_kind)
    SELECT wife, husband, '', CASE WHEN is_first THEN '21' ELSE '20' END, since, 'day', ''
    FROM dated
    WHERE NOT EXISTS (SELECT FROM households_marriage o WHERE o.wife_id = wife
            AND daterange(o.valid_from, o.valid_to) && daterange(since, NULL))
        AND NOT EXISTS (SELECT FROM households_marriage o WHERE o.husband_id = husband
            AND daterange(o.valid_from, o.valid_to) && daterange(since, NULL))
    ORDER BY wife
"""
# Children of the head, the head's own parents, and children of the head's one spouse as long as
# nobody has married again and no parent of that sex is known.
PARENTS = """
    WITH head AS (
        SELECT * FROM roster_member WHERE is_head
    ), spouse AS (
        SELECT household_id, min(person_id) AS person_id FROM roster_member
        WHERE role IN %(spouse)s GROUP BY household_id HAVING count(*) = 1
    ), link AS (
        SELECT c.person_id AS child, h.person_id AS parent, 1 AS rank
        FROM roster_member c JOIN head h USING (household_id)
        WHERE c.role IN %(children)s AND NOT c.is_head
        UNION ALL
        SELECT h.person_id, p.person_id, 1
        FROM roster_member p JOIN head h USING (household_id)
        WHERE p.role IN %(any_parent)s AND NOT p.is_head
        UNION ALL
        SELECT c.person_id, s.person_id, 2
        FROM roster_member c JOIN head h USING (household_id) JOIN spouse s USING (household_id)
        JOIN roster_member m ON m.person_id = s.person_id
        WHERE c.role IN %(own_children)s AND NOT c.is_head
            AND h.marital_status NOT IN ('22', '23') AND m.marital_status NOT IN ('22', '23')
            AND NOT EXISTS (SELECT FROM households_kinship k
                WHERE k.child_id = c.person_id AND k.parent_sex = m.sex)
    )
    INSERT INTO households_kinship (child_id, parent_id, parent_sex, nature)
    SELECT DISTINCT ON (child, parent) child, parent, p.sex, 'unknown'
    FROM link
    JOIN roster_member c ON c.person_id = child
    JOIN roster_member p ON p.person_id = parent
    WHERE child <> parent AND p.birth_date + make_interval(years => %(gap)s) <= c.birth_date
        AND NOT EXISTS (SELECT FROM households_kinship k
            WHERE k.child_id = child AND k.parent_id = parent)
    ORDER BY child, parent
    ON CONFLICT (child_id, parent_id) DO NOTHING
"""


def _couple_params(on: date) -> dict[str, Any]:
    sons, daughters = tuple(sorted(SONS)), tuple(sorted(DAUGHTERS))
    return {
        "on": on,
        "married": MARRIED,
        "spouse": tuple(sorted(SPOUSE)),
        "parents": (*FATHERS, *MOTHERS),
        "sons": sons,
        "daughters": daughters,
        "son_in_law": SON_IN_LAW,
        "daughter_in_law": DAUGHTER_IN_LAW,
        "firsts": (*FATHERS, *sons, *daughters),
    }


def _parent_params() -> dict[str, Any]:
    children = SONS | DAUGHTERS
    return {
        "spouse": tuple(sorted(SPOUSE)),
        "children": tuple(sorted(children)),
        "own_children": tuple(sorted(children - set(TAKEN_IN))),
        "any_parent": ANY_PARENT,
        "gap": LEAST_GAP,
    }
