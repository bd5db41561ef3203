"""A small solver for clauses: unit propagation, and branching on the variable that conflicts most.

Davis, Logemann, Loveland (1962), with two watched literals a clause (Moskewicz et al. 2001, "Chaff"). Routes
of questionnaires are easy; what is not is given up after a number of steps, and said to be not decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

#: Assignments tried before giving up: about a second.
BUDGET: Final = 300_000


@dataclass(frozen=True, slots=True)
class Solved:
    """`model`: the literals of one solution; empty unless there is one."""

    status: Literal["possible", "impossible", "not decided"]
    model: frozenset[int] = frozenset()


def solve(clauses: Sequence[Sequence[int]], budget: int = BUDGET) -> Solved:
    """Find values that make every clause true. Literals are n and -n, n from 1, as in DIMACS files."""
    return _Search(clauses, budget).run()


@dataclass
class _Search:
    given: Sequence[Sequence[int]]
    budget: int
    true: set[int] = field(default_factory=set)  # literals that hold now
    trail: list[int] = field(default_factory=list)  # the same, in the order in which they were set
    forks: list[tuple[int, bool]] = field(
        default_factory=list
    )  # (length of the trail, other side still open)
    watching: dict[int, list[list[int]]] = field(default_factory=dict)
    weight: dict[int, float] = field(default_factory=dict)  # how much a variable is worth branching on
    done: int = 0  # literals of the trail whose clauses have been looked at

    def run(self) -> Solved:
        units: list[int] = []
        for clause in {tuple(sorted(set(clause))) for clause in self.given}:
            for literal in clause:
                self.weight[abs(literal)] = self.weight.get(abs(literal), 0) + 2.0 ** -len(clause)
            if len(clause) < 2:
                units.append(clause[0] if clause else 0)
                continue
            mutable = list(clause)
            for literal in mutable[:2]:
                self.watching.setdefault(literal, []).append(mutable)
        if 0 in units or not all(self.set(unit) for unit in units):
            return Solved("impossible")
        while True:
            if self.propagate():
                if not self.branch():
                    return Solved("possible", frozenset(self.true))
            elif not self.turn_back():
                return Solved("impossible")
            if self.budget <= 0:
                return Solved("not decided")

    def set(self, literal: int) -> bool:
        """Make a literal hold; False if its opposite does."""
        if literal not in self.true:
            self.true.add(literal)
            self.trail.append(literal)
        return -literal not in self.true

    def propagate(self) -> bool:
        """Set all that follows from what was set; False at a contradiction."""
        while self.done < len(self.trail):
            self.budget -= 1
            false = -self.trail[self.done]
            self.done += 1
            kept: list[list[int]] = []
            clauses = self.watching.get(false, [])
            for n, clause in enumerate(clauses):
                if self.rewatch(clause, false):
                    continue
                kept.append(clause)
                if not self.set(clause[0]):
                    self.watching[false] = kept + clauses[n + 1 :]
                    for literal in clause:
                        self.weight[abs(literal)] += 1
                    return False
            self.watching[false] = kept
        return True

    def rewatch(self, clause: list[int], false: int) -> bool:
        """Watch another literal instead of the false one; False if the clause now hangs on its first."""
        if clause[0] == false:
            clause[0], clause[1] = clause[1], clause[0]
        if clause[0] in self.true:
            return False
        for n in range(2, len(clause)):
            if -clause[n] not in self.true:
                clause[1], clause[n] = clause[n], false
                self.watching.setdefault(clause[1], []).append(clause)
                return True
        return False

    def branch(self) -> bool:
        """Choose a side of a variable that is still open; False if there is none."""
        free = [v for v in self.weight if v not in self.true and -v not in self.true]
        if not free:
            return False
        self.forks.append((len(self.trail), True))
        return self.set(-max(free, key=self.weight.__getitem__))

    def turn_back(self) -> bool:
        """Undo up to the last choice whose other side is open, and take it; False if there is none."""
        while self.forks:
            length, other_open = self.forks.pop()
            chosen = self.trail[length]
            self.true.difference_update(self.trail[length:])
            del self.trail[length:]
            self.done = length
            if other_open:
                self.forks.append((length, False))
                return self.set(-chosen)
        return False
