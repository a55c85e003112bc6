"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).

    Django's own 100 MiB in eight lanes would let thirty people who sign in at eight o'clock use
    3 GB of a small server.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
