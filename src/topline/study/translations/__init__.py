"""The study in other languages: addresses of texts, PO files, what is missing, stale or unreviewed."""

from topline.study.translations.addresses import texts_of
from topline.study.translations.po import Translation, load_translations, refresh_translation

__all__ = ["Translation", "load_translations", "refresh_translation", "texts_of"]
