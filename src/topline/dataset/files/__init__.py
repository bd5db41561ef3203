"""Readers and writers of data files: SPSS, Stata, Parquet, CSV with a codebook."""

from topline.dataset.files.codebook_csv import codebook_path
from topline.dataset.files.doors import READS, WRITES, read, write

__all__ = ["READS", "WRITES", "codebook_path", "read", "write"]
