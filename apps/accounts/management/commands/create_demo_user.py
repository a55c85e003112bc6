"""`manage.py create_demo_user ROLE --region CODE`: a user for demonstrations and automated runs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts import services
from apps.accounts.choices import Role


class Command(BaseCommand):
    """Prints one line, user name and password split by a blank.

    Calling it again for the same user name sets a new password.
    """

    help = "Create a user of a role in a region, or give it a new password, and print both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--region", required=True, metavar="CODE")
        parser.add_argument("--username", help="default: the role")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"] or options["role"]
        try:
            user, password = services.provide_demo_user(
                username=username, role=options["role"], region_code=options["region"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.username} {password}")
