"""Tables of the desk's own file beside those of Django: grants, and failed sign-ins."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models


class Grant(models.Model):
    """One role of one person: in one study (empty: in all), for one department (empty: for the whole)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20)
    study = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=100, blank=True)

    class Meta:
        """Each grant once."""

        unique_together = [("user", "role", "study", "department")]


class Failure(models.Model):
    """Failed sign-ins of an account from an address, by a hash of both; gone after a success."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.IntegerField()
    until = models.FloatField()
