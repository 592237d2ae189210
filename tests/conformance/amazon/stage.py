"""The stage that the benchmarks of Amazon play on too."""

from bench.amazon_stage import KEY, Stage, played, serving

__all__ = ["KEY", "Stage", "played", "serving"]
