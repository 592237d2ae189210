"""The benchmarks by name. Their modules are imported once Django stands on the stage's database."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from bench.measures import Benchmark
from bench.page_addresses import ADDRESSES

MODULES = {
    "order_intake_vs_copy": "bench.order_intake_vs_copy",
    "order_reimport_vs_intake": "bench.order_reimport_vs_intake",
    "offer_diff_vs_python": "bench.offer_diff_vs_python",
    "recompute_changed_vs_update": "bench.recompute",
    "recompute_all_vs_update": "bench.recompute",
    "submission_vs_copy": "bench.submission_vs_copy",
    "sale_to_confirmation_p50_s": "bench.sale_to_confirmation",
    "sale_to_confirmation_p95_s": "bench.sale_to_confirmation",
    "sale_to_confirmation_max_s": "bench.sale_to_confirmation",
    "end_to_end_orders_per_s": "bench.end_to_end",
    "end_to_end_own_share": "bench.end_to_end",
    "api_order_list_vs_ninja": "bench.api_order_list_vs_ninja",
    "order_intake_peak_mb": "bench.order_intake_peak_mb",
    "amazon_publish_items_per_s": "bench.amazon_publish",
    "amazon_publish_own_share": "bench.amazon_publish",
    "amazon_converge_vs_quota": "bench.amazon_converge",
    "steady_state_table_growth": "bench.steady_state",
    "steady_state_memory_growth": "bench.steady_state",
    "sage_import_full_vs_copy": "bench.sage_import",
    "sage_import_1pct_vs_full": "bench.sage_import",
    "sage_export_own_share": "bench.sage_export",
    "growth_exponent_offer_diff": "bench.growth",
    "growth_exponent_recompute_changed": "bench.growth",
    "growth_exponent_recompute_all": "bench.growth",
    "growth_exponent_submission": "bench.growth",
    "growth_exponent_order_intake": "bench.growth",
    "growth_exponent_sale_to_confirmation": "bench.growth",
    **{f"page_p95_ms_{name}": "bench.pages" for name in ADDRESSES},
}


def chosen_modules(names: Sequence[str]) -> list[str]:
    """The modules of these names, all of them when there is none; LookupError for an unknown name."""
    unknown = sorted(set(names) - MODULES.keys())
    if unknown:
        raise LookupError(f"no benchmark is called {', '.join(unknown)}: there is {', '.join(MODULES)}")
    return list(dict.fromkeys(MODULES[name] for name in names or MODULES))


def load(module: str) -> Benchmark:
    found = importlib.import_module(module).BENCHMARK
    assert isinstance(found, Benchmark)
    return found
