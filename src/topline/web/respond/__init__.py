"""The respondent's pages: `handle(request, runner) -> response`, framework-free."""

from topline.web.respond.handle import handle
from topline.web.respond.http import Request, Response
from topline.web.respond.runner import Runner

__all__ = ["Request", "Response", "Runner", "handle"]
