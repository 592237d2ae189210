"""The statement that decides what offers should show, and writes what changes and why (`desired` locks and asks it).

One statement for articles of plenty and of last units, so that all of them are decided of one state of the stock. Read
from top to bottom: what can be sold, of which products little is left, what is shared out of them, what each offer is
to show, which of them change, the history.
"""

from __future__ import annotations

from comptoir.inventory.availability import AVAILABLE
from comptoir.offers.escrow import LEAST_ESCROW
from comptoir.offers.last_units import SHARED
from comptoir.offers.publication import ENVELOPE_LEFT, PUBLISHED, UNCUT

# An offer that the channel had before us, of an article that nobody has counted yet: its stock is not known
# to be zero, it is not known. It keeps what the channel shows until a first count says how many there are.
_COUNTED = (
    "(SELECT FROM inventory_stock s WHERE s.product_id = {} AND (s.counted_at IS NOT NULL OR s.on_hand > 0))"
)
_UNCOUNTED = f"""(o.state = 'listed' AND o.quantity_confirmed_at IS NULL AND o.sent_quantity IS NOT NULL
    AND CASE WHEN article.is_kit THEN EXISTS (SELECT FROM catalog_kitcomponent part WHERE part.kit_id = article.id
                                              AND NOT EXISTS {_COUNTED.format("part.component_id")})
             ELSE NOT EXISTS {_COUNTED.format("article.id")} END)"""
# What we think an offer shows where its exposure was never noted: the greatest value that we know of.
KNOWN = (
    "greatest(coalesce(o.sent_quantity, 0), coalesce(o.confirmed_quantity, 0), coalesce(o.shown_quantity, 0))"
)
EXPOSED = f"coalesce(o.exposed_quantity, {KNOWN})"
POSSIBLE = f"coalesce(o.possible_quantity, {KNOWN})"
# No write of it is under way, and the channel's orders were read since the last one ended.
SETTLED = "(o.quantity_submission_id IS NULL AND coalesce(o.exposed_at < channel.orders_read_at, o.exposed_at IS NULL))"
# After a sale the channel has lowered its own stock, unless our last figure reached it after the sale and
# wrote over that: then nobody knows what it shows, and the figure is sent again. For the last units the
# two clocks are not trusted to the minute.
_SURE = """(o.quantity_submission_id IS NULL AND o.sent_quantity IS NOT NULL AND coalesce(sale.first_at
    > o.quantity_confirmed_at + CASE WHEN o.in_escrow THEN interval '2 minutes' ELSE interval '0' END, false))"""
# The offers of last units, product by product whatever the server thinks of their number.
_OFFERS_OF_FEW = """
FROM scarce
CROSS JOIN LATERAL (SELECT scarce.product_id, scarce.there AS available) sellable
CROSS JOIN LATERAL (SELECT scarce.product_id AS id, scarce.is_kit, scarce.active) article
CROSS JOIN LATERAL (
    SELECT * FROM offers_offer WHERE product_id = scarce.product_id AND network = 'seller' OFFSET 0
) o
"""
_WITH_CHANNEL = """
JOIN channels_channel channel ON channel.id = o.channel_id
LEFT JOIN offers_ruling ruling ON ruling.id = o.ruling_id
"""
_NO_SALES = f"""
FROM offers_offer o JOIN sellable ON sellable.product_id = o.product_id
CROSS JOIN LATERAL (SELECT sellable.product_id AS id, sellable.is_kit, sellable.active) article
{_WITH_CHANNEL}
WHERE o.network = 'seller'
"""
_SENT = "o.sent_quantity AS sent"
_MAY_SHOW = f"{EXPOSED} AS exposed, {POSSIBLE} AS possible"
# The channels of one pool show one quantity: what sold on one is gone on all of them.
_SENT_AFTER = f"""
    CASE WHEN sale.units IS NULL THEN o.sent_quantity
         WHEN {_SURE} OR {_UNCOUNTED} THEN greatest(0, o.sent_quantity - sale.units) END AS sent
"""
_MAY_SHOW_AFTER = f"""
    CASE WHEN sale.units IS NOT NULL AND o.channel_id = %(channel)s
         THEN greatest(0, {EXPOSED} - sale.units) ELSE {EXPOSED} END AS exposed,
    CASE WHEN sale.units IS NOT NULL AND {_SURE}
         THEN greatest(0, {POSSIBLE} - sale.units) ELSE {POSSIBLE} END AS possible
"""
_SOLD = f"""
    {_MAY_SHOW_AFTER}, sale.units IS NOT NULL AS sold,
    CASE WHEN sale.units IS NOT NULL AND {_SURE} THEN greatest(0, o.confirmed_quantity - sale.units)
         ELSE o.confirmed_quantity END AS confirmed
"""
_SALE = "LEFT JOIN sale ON sale.sku = o.sku AND o.channel_id = ANY(%(members)s)"
_SALES = f"""
FROM offers_offer o
LEFT JOIN sellable ON sellable.product_id = o.product_id
LEFT JOIN catalog_product article ON article.id = o.product_id
{_WITH_CHANNEL}
{_SALE}
WHERE o.id = ANY(%(offers)s::bigint[])
"""
# What the rules leave to each offer, and to its pool. A paused offer and an inactive product show nothing.
# `OFFSET 0`: each column is computed once, however often it is named.
_PLAIN = """
    SELECT *, coalesce(min(own) FILTER (WHERE own > 0) OVER (PARTITION BY product_id, pool), 0) AS plain FROM (
        SELECT *, CASE stop WHEN 0 THEN {published} WHEN 4 THEN sent ELSE 0 END AS own FROM (
            SELECT o.id, o.product_id, channel.stock_pool AS pool, o.in_escrow, {sent},
                   channel.state = 'active' AND NOT channel.stock_stopped AS active, {stop} AS stop,
                   sellable.available::int AS available, {uncut} AS uncut, ruling.minimum, ruling.always, {columns}
            {offers}
            OFFSET 0
        ) seen OFFSET 0
    ) offer
"""
# « Always available » promises units that are not there: nothing can be shared out of them.
_OF_FEW = f"""channel.escrow AND ruling.always IS NULL AND ({_UNCOUNTED}) IS NOT TRUE AS escrow,
    o.quantity_submission_id IS NOT NULL AS busy, {SETTLED} AS settled, o.daily_sales,
    o.quantity_error <> '' OR (o.state = 'new' AND (o.desired_price < o.floor_price) IS NOT FALSE) AS stuck"""
_OF_ALL = f"""o.desired_quantity AS before, sellable.product_id IS NULL AS unknown, o.stop AS stopped,
    channel.stock_buffer AS kept_back, channel.stock_limit AS most, {ENVELOPE_LEFT} AS envelope_left, o.ruling_id,
    o.changed_at"""
# Of the last units, nothing is kept for an offer that cannot be created or that the channel refuses, nor more than it
# has for a channel that is not active. Few products are down to them: their offers are read apart, with all that
# sharing asks for, and the many with no more than they need.
_STATEMENT = """
WITH {sale} sellable AS ({available}),
scarce AS (
    SELECT sellable.product_id, sellable.available::int AS available, coalesce(few.in_flight, 1) AS in_flight,
           sellable.available AS there, sellable.is_kit, sellable.active
    FROM sellable LEFT JOIN offers_lastunits few ON few.product_id = sellable.product_id
    WHERE sellable.available <= coalesce(few.escrow_units, {least})
),
base AS (
    SELECT id, product_id, pool, escrow, in_escrow, settled, exposed, possible, coalesce(daily_sales, 0) AS daily_sales,
           CASE WHEN stuck THEN 0 WHEN active THEN plain ELSE least(plain, coalesce(sent, 0)) END AS plain,
           busy OR NOT active AS busy, {fuzzy} AS fuzzy,
           CASE WHEN {fuzzy} THEN NULL ELSE sent END AS sent
    FROM ({plain_of_few}) few
), {shared},
kept AS (
    SELECT base.id, base.fuzzy, shared.quantity, shared.at_stake FROM base JOIN shared USING (product_id, pool)
    WHERE base.escrow
),
wanted AS (
    SELECT plain.*, coalesce(kept.fuzzy, false) AS fuzzy, kept.at_stake,
           CASE WHEN plain.unknown THEN plain.before
                WHEN plain.active THEN coalesce(kept.quantity, plain.plain)
                -- Nothing can be sent there now; the day that it can, no more than there is.
                ELSE least(kept.quantity, plain.plain) END AS quantity,
           CASE WHEN plain.unknown THEN plain.in_escrow ELSE kept.id IS NOT NULL END AS few
    FROM ({plain}) plain LEFT JOIN kept ON kept.id = plain.id
    OFFSET 0
),
-- All of them are locked: what they are here is what they are when they are written.
decided AS (
    SELECT id, quantity, available, kept_back, most, envelope_left, stop, few, at_stake, ruling_id,
           CASE WHEN NOT fuzzy THEN sent END AS sent,
           CASE WHEN before <> quantity THEN %(now)s ELSE changed_at END AS changed_at{of_sales}
    FROM wanted WHERE before <> quantity OR in_escrow <> few OR stopped <> stop OR fuzzy{or_sold}
    ORDER BY id
),
written AS (
    UPDATE offers_offer o SET desired_quantity = decided.quantity, in_escrow = decided.few, stop = decided.stop,
        changed_at = decided.changed_at, sent_quantity = decided.sent{after}
    FROM decided WHERE o.id = decided.id{near}
)
INSERT INTO offers_decision (offer_id, at, quantity, available, kept_back, most, envelope_left, stop, few, at_stake,
                             ruling_id, sent)
SELECT id, %(now)s, quantity, available, kept_back, most, envelope_left, stop, few, at_stake, ruling_id, sent
FROM decided
"""
# `publication.Stop`. What was never counted and is promised all the same needs no count.
_STOP = f"""CASE WHEN o.state = 'paused' THEN 1 WHEN NOT article.active THEN 2 WHEN NOT channel.publishes THEN 3
                WHEN ruling.always IS NULL AND {_UNCOUNTED} THEN 4 ELSE 0 END"""
# Settled, and the channel may still show more than we think: what we think is forgotten, and written again.
_FUZZY = "(settled AND active AND NOT stuck AND sent IS NOT NULL AND least(exposed, possible) > sent)"


# Said twice, or the server reads all offers there are to write one in ten of them.
_NEAR = " AND o.id = ANY(ARRAY(SELECT id FROM decided))"


def _statement(
    *, offers: str, sent: str, may_show: str, with_sale: str = "", sale: str = "", sold: str = "", of_sales: str = "",
    after: str = "", near: str = _NEAR,
) -> str:  # fmt: skip
    def plain(offers: str, columns: str) -> str:
        return _PLAIN.format(
            offers=offers, sent=sent, columns=columns, stop=_STOP, uncut=UNCUT, published=PUBLISHED
        )

    of_few = _OFFERS_OF_FEW + _WITH_CHANNEL + with_sale
    return _STATEMENT.format(
        sale=sale, available=AVAILABLE, least=LEAST_ESCROW, fuzzy=_FUZZY, shared=SHARED.strip(), near=near,
        plain=plain(offers, _OF_ALL + sold), plain_of_few=plain(of_few, f"{_OF_FEW}, {may_show}"),
        or_sold=" OR sold" if sold else "", of_sales=of_sales, after=after,
    )  # fmt: skip


RECOMPUTE = _statement(offers=_NO_SALES, sent=_SENT, may_show=_MAY_SHOW)
RECOMPUTE_MOST = _statement(offers=_NO_SALES, sent=_SENT, may_show=_MAY_SHOW, near="")
AFTER_SALES = _statement(
    sale="""sale AS (SELECT * FROM unnest(%(skus)s::text[], %(units)s::int[], %(first)s::timestamptz[])
         AS sale (sku, units, first_at)),""",
    offers=_SALES, with_sale=_SALE, sent=_SENT_AFTER, may_show=_MAY_SHOW_AFTER, sold=f", {_SOLD}",
    near=" AND o.id = ANY(%(offers)s::bigint[])",
    of_sales=", confirmed, exposed, possible, sold",
    after=""", confirmed_quantity = decided.confirmed,
    exposed_quantity = CASE WHEN decided.sold THEN decided.exposed ELSE o.exposed_quantity END,
    possible_quantity = CASE WHEN decided.sold THEN decided.possible ELSE o.possible_quantity END""",
)  # fmt: skip
