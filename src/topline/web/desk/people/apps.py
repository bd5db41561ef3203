"""The application's name for Django."""

from django.apps import AppConfig


class People(AppConfig):
    """People of the desk."""

    name = "topline.web.desk.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
