"""`escrow.allocate` in SQL, for sets of products: the same rule, held to it by a property test.

Reads the table expressions `base` (one row per offer of products in escrow) and `scarce` (one row per
such product); gives `shared (product_id, pool, quantity, at_stake)`. Read from top to bottom, as the rule is.
"""

from __future__ import annotations

SHARED = """
pool AS MATERIALIZED (
    SELECT base.product_id, base.pool, scarce.available, scarce.in_flight, max(base.plain) AS cap,
           CASE WHEN count(base.sent) = count(*) AND min(base.sent) = max(base.sent) THEN min(base.sent) END AS shown,
           CASE WHEN bool_and(base.settled) THEN least(sum(base.exposed), max(base.possible))
                ELSE sum(CASE WHEN base.settled THEN least(base.exposed, base.possible) ELSE base.exposed END)
           END AS exposed,
           bool_or(base.busy) AS busy, bool_or(base.in_escrow) AS entered,
           round(sum(base.daily_sales) * 1000)::bigint + 1 AS weight
    FROM base JOIN scarce USING (product_id) WHERE base.escrow GROUP BY 1, 2, 3, 4
),
ranked AS (
    SELECT product_id, pool, available, in_flight, cap, shown, exposed, busy, weight,
           row_number() OVER (PARTITION BY product_id ORDER BY weight DESC, pool COLLATE "C") AS rank,
           sum(exposed) OVER product AS at_stake, bool_or(entered) OVER product AS entered
    FROM pool WINDOW product AS (PARTITION BY product_id)
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY product_id, cap > 0 ORDER BY rank) - 1 AS place,
           greatest(0, available - count(*) FILTER (WHERE cap > 0) OVER product) AS rest,
           sum(weight) FILTER (WHERE cap > 0) OVER product AS total
    FROM ranked WINDOW product AS (PARTITION BY product_id)
),
divided AS (
    SELECT *, CASE WHEN cap > 0 THEN div(rest * weight, total) ELSE 0 END AS whole,
           CASE WHEN cap > 0 THEN mod(rest * weight, total) ELSE -1 END AS remainder
    FROM placed
),
rounded AS (
    SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY remainder DESC, place)
              <= rest - sum(whole) OVER (PARTITION BY product_id) AS lucky
    FROM divided
),
first_quota AS (
    SELECT *, CASE WHEN cap > 0 THEN least(cap, (place < available)::int + whole + lucky::int) ELSE 0 END AS part
    FROM rounded
),
topped AS (
    SELECT *, greatest(0, available - sum(part) OVER (PARTITION BY product_id)) AS left_over,
           coalesce(sum(cap - part) OVER (PARTITION BY product_id ORDER BY rank
                                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS room_before
    FROM first_quota
),
quotas AS (
    SELECT product_id, pool, available, in_flight, shown, exposed, busy, cap, rank, at_stake, entered,
           at_stake > available AS down, part + greatest(0, least(left_over - room_before, cap - part)) AS quota
    FROM topped
),
judged AS (
    SELECT *, NOT busy AND (shown IS NULL OR CASE WHEN down THEN shown > quota
                                                  ELSE shown < quota OR shown > cap END) AS written
    FROM quotas
),
fitted AS (
    SELECT *, available - at_stake + CASE
               WHEN NOT down OR entered THEN 0
               ELSE greatest(0, coalesce(sum(exposed) FILTER (WHERE written) OVER (PARTITION BY product_id), 0)
                                - in_flight) END
              - coalesce(sum(quota) FILTER (WHERE written) OVER (
                    PARTITION BY product_id ORDER BY written DESC, NOT down AND coalesce(shown, 0) > 0, rank
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS slack
    FROM judged
),
given AS (
    SELECT *, CASE
        WHEN NOT written THEN coalesce(shown, 0)
        WHEN down OR shown IS NULL OR shown > cap THEN greatest(0, least(quota, slack))
        ELSE greatest(shown, least(quota, slack)) END AS quantity
    FROM fitted
),
weighed AS (
    SELECT *, NOT down AND bool_or(quota > 0 AND NOT busy AND quantity = 0) OVER product
              AND NOT bool_or(exposed > quantity) OVER product AS starved,
           row_number() OVER (PARTITION BY product_id ORDER BY (NOT busy AND coalesce(shown, 0) > quota) DESC,
                              coalesce(shown, 0) - quota DESC, rank) = 1
              AND NOT busy AND coalesce(shown, 0) > quota AS holder
    FROM given WINDOW product AS (PARTITION BY product_id)
),
shared AS (
    SELECT product_id, pool, CASE WHEN starved AND holder THEN 0 ELSE quantity END::int AS quantity,
           at_stake::int AS at_stake
    FROM weighed
)
"""
