"""Columns that rosters of people have whatever they are about, declared once.

COLUMNS = (*shared_columns.PLACES, Column("name", ...), *shared_columns.IDENTITY, ...)
FIELD_LABELS = shared_columns.LABELS | {"hh_no": _("household number")}
"""

from django.utils.translation import gettext_lazy as _

from apps.imports.records import Column
from apps.imports.rules import vocabulary

# The line and where it belongs.
PLACES = (
    Column("key", "key", vocabulary.KEY, role="row", target="person_key"),
    Column("seq", "serial", vocabulary.SERIAL, role="row"),
    Column("town", "town", vocabulary.TOWN, role="row"),
    Column("village", "village", vocabulary.VILLAGE, role="row"),
    Column("group", "group", vocabulary.GROUP, role="row", target="group"),
    Column("groupno", "group", vocabulary.GROUP, role="row", target="group"),
)

# Who the line is about, beside the name.
IDENTITY = (
    Column("sex", "sex", vocabulary.SEX, target="sex"),
    Column("id", "id", vocabulary.ID_NUMBER, target="id_number", pattern=vocabulary.ID_PATTERN),
    Column("birth", "birth", vocabulary.BIRTH),
    Column("age", "age", vocabulary.AGE),
    Column(
        "ethnic",
        "code",
        vocabulary.ETHNIC,
        target="ethnic_group",
        code_set="ethnic_group",
        written=vocabulary.ETHNIC_GROUPS,
    ),
    Column(
        "edu",
        "code",
        vocabulary.EDUCATION,
        target="education",
        code_set="education",
        written=vocabulary.EDUCATIONS,
    ),
)

# Of the subject; a roster of couples has it of the line instead (`dataclasses.replace`).
MARITAL = Column(
    "marital",
    "code",
    vocabulary.MARITAL,
    target="marital_status",
    code_set="marital_status",
    written=vocabulary.MARITALS,
)
MARRY = Column(
    "marry",
    "date",
    vocabulary.FIRST_MARRIAGE,
    target="first_marriage_on",
    pattern=vocabulary.MARRIAGE_PATTERN,
    after_birth=True,
)
HUKOU = Column(
    "hukou",
    "code",
    vocabulary.HUKOU,
    target="hukou_type",
    code_set="hukou_type",
    written=vocabulary.HUKOUS,
)
PHONE = Column("phone", "phone", vocabulary.PHONE, target="phone", pattern=vocabulary.PHONE_PATTERN)
REST = (
    Column("address", "text", vocabulary.ADDRESS, role="row", target="address", max_length=200),
    Column("remark", "text", vocabulary.REMARK, role="row", target="remark"),
)

# By field and by the target of a field, both of which stand in issues and plans.
LABELS = {
    "key": _("key of the person"),
    "person_key": _("key of the person"),
    "seq": _("serial number"),
    "town": _("township"),
    "village": _("village"),
    "registered_region": _("registered place"),
    "current_region": _("current place"),
    "group": _("village group"),
    "groupno": _("village group (number)"),
    "name": _("name"),
    "sex": _("sex"),
    "id": _("ID number"),
    "id_number": _("ID number"),
    "birth": _("birth date"),
    "birth_date": _("birth date"),
    "birth_precision": _("precision of the birth date"),
    "age": _("age"),
    "ethnic": _("ethnic group"),
    "ethnic_group": _("ethnic group"),
    "edu": _("education"),
    "education": _("education"),
    "marital": _("marital status"),
    "marital_status": _("marital status"),
    "marry": _("date of first marriage"),
    "first_marriage_on": _("date of first marriage"),
    "hukou": _("kind of hukou"),
    "hukou_type": _("kind of hukou"),
    "phone": _("phone"),
    "address": _("address"),
    "remark": _("remark"),
}
