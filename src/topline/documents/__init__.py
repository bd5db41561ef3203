"""Documents about a study, made from its definition alone: the codebook and the questionnaire for reading."""

from topline.documents.codebook import Block, Codebook, Column, Value, codebook, codebooks
from topline.documents.codebook_csv import codebook_csv
from topline.documents.codebook_ddi import codebook_ddi
from topline.documents.codebook_markdown import codebook_markdown
from topline.documents.questionnaire import Questionnaire, questionnaire
from topline.documents.questionnaire_page import questionnaire_page

__all__ = [
    "Block",
    "Codebook",
    "Column",
    "Questionnaire",
    "Value",
    "codebook",
    "codebook_csv",
    "codebook_ddi",
    "codebook_markdown",
    "codebooks",
    "questionnaire",
    "questionnaire_page",
]
