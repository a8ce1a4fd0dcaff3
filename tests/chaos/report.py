"""What came of a run, as one line."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Report:
    """What came of it."""

    seed: int
    pages: int = 0
    stored: int = 0
    lost: set[str] = field(default_factory=set)
    doubled: int = 0
    different: int = 0
    kills: int = 0
    restarts: int = 0
    ended_sessions: int = 0
    quarantined: set[str] = field(default_factory=set)
    poison: set[str] = field(default_factory=set)
    recoveries: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        whole = not (self.lost or self.doubled or self.different or self.faults)
        return whole and self.quarantined == self.poison

    def line(self) -> str:
        late = sorted(self.recoveries) or [0.0]
        p95 = late[int(0.95 * (len(late) - 1))]
        return (
            f"seed {self.seed}: {self.kills} kills, {self.restarts} restarts of Postgres, "
            f"{self.ended_sessions} sessions ended; {self.stored} of {self.pages} pages stored, lost "
            f"{len(self.lost)}, doubled {self.doubled}, unlike an undisturbed run {self.different}, "
            f"quarantined {len(self.quarantined)} of {len(self.poison)} poisoned "
            f"({len(self.quarantined - self.poison)} others), recovery p50 "
            f"{statistics.median(late):.1f} s p95 {p95:.1f} s; faults: {'; '.join(self.faults) or 'none'}"
        )
