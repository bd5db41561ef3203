"""What an analyst calls in a notebook: `import topline as tl`. Thin: each function is one of a lower room."""

from topline.notebook.design import design
from topline.notebook.quality import QualityView, quality
from topline.notebook.tables import TableView, book, table

__all__ = ["QualityView", "TableView", "book", "design", "quality", "table"]
