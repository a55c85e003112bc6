"""Which passwords are refused beyond Django's lists."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OWN_WORDS = (
    "fpms",
    "jihuashengyu",
    "jisheng",
    "weijian",
    "weishengjiankang",
    "township",
    "village",
    "password",
    "mima",
    "admin",
    "计划生育",
    "计生",
    "卫生健康",
    "卫健",
    "家庭服务",
    "管理系统",
    "密码",
)
LEAST_REST = 6


class OwnWordsValidator:
    """Refuse a password that is little more than a word everybody in the office would try.

    The words are those above, the office's name, and the names of the user's regions in
    characters and pinyin. At least six letters must be left without them.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError when too little is left of the password without own words."""
        text = unicodedata.normalize("NFKC", password).lower()
        rest = text
        for word in sorted(self._words(user), key=len, reverse=True):
            rest = rest.replace(word, " ")
        if rest != text and sum(char.isalpha() for char in rest) < LEAST_REST:
            raise ValidationError(self.get_help_text(), code="password_own_words")

    def get_help_text(self) -> str:
        """Say what to avoid."""
        return _("Do not build the password on the name of the system, the office or your region.")

    def _words(self, user: Any) -> set[str]:
        words = {*OWN_WORDS, settings.OFFICE_NAME.lower()}
        if user is not None and user.pk:
            for region in user.regions.all():
                words |= {region.name.lower(), region.name[:-1].lower(), region.pinyin}
                words |= {alias.lower() for alias in region.aliases}
        return {word for word in words if word and len(word) >= _least_length(word)}


def _least_length(word: str) -> int:
    """Two characters of Chinese make a word, fewer than four letters may stand in any text."""
    return 2 if ord(word[0]) > 0x2E7F else 4
