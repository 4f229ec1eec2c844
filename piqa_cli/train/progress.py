"""Progress of a training in epochs, its log, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Progress:
    """Progress of a run.

    Attributes:
        epoch: whole passes made.
        step: steps made in the pass after those.
        loss_sum: of those steps' losses, each times its size.
        seconds: those steps took.
        best_epoch, best_srcc: of the best validation so far.
        log: one line for each whole pass.
    """

    epoch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    seconds: float = 0.0
    best_epoch: int = 0
    best_srcc: float = -2.0
    log: list[dict[str, float]] = field(default_factory=list)

    def close_epoch(self, *, loss: float, mean: float, median: float, rate: float) -> None:
        """Ends an epoch: its line in the log, and whether it is the best so far.

        Args:
            loss: mean training loss.
            mean: of the validation's Spearman correlations, over scenes.
            median: likewise.
            rate: the learning rate.
        """
        self.epoch += 1
        self.log.append(
            {
                "epoch": self.epoch,
                "loss": loss,
                "validation_srcc": mean,
                "validation_srcc_median": median,
                "learning_rate": rate,
                "seconds": round(self.seconds, 3),
            }
        )
        self.step, self.loss_sum, self.seconds = 0, 0.0, 0.0
        if mean > self.best_srcc:
            self.best_epoch, self.best_srcc = self.epoch, mean

    def is_over(self, patience: int) -> bool:
        """True once validation hasn't got better for as many epochs; 0: never."""
        return bool(patience) and self.best_epoch > 0 and self.epoch - self.best_epoch >= patience
