"""Contracts for import-linter that its own kinds do not cover."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.forbidden import ForbiddenContract


class ForbiddenWherePresent(ForbiddenContract):
    """A forbidden contract that may name layers which are planned and not there yet.

    import-linter's own kind fails on a module that does not exist. A test checks that every name is one of
    the planned layers or below one, so a slip of the pen does not switch a rule off.
    """

    type_name = "forbidden_where_present"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Check the rule for those of its modules that exist."""
        self.source_modules = {m for m in self.source_modules if str(m) in graph.modules}
        self.forbidden_modules = {m for m in self.forbidden_modules if str(m) in graph.modules}
        return super().check(graph, verbose)


class OnlyThirdParty(Contract):
    """`source_modules` (packages) reach, also transitively, no third-party package but those `allowed`."""

    type_name = "only_third_party"

    source_modules = fields.SetField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect each chain from a source to a package that is neither allowed nor of Python itself."""
        chains = []
        for source in sorted(set(self.source_modules) & graph.modules):
            for name in sorted(graph.find_upstream_modules(source, as_package=True)):
                if graph.is_module_squashed(name) and name not in self.allowed | sys.stdlib_module_names:
                    chain = graph.find_shortest_chain(source, name, as_packages=True)
                    chains.append(" -> ".join(chain or (source, name)))
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the chains."""
        for chain in check.metadata["chains"]:
            output.print_error(f"- {chain}", bold=False)
        output.new_line()
