"""All the SQL, portable: SQL Server 2012 and later, PostgreSQL. Parameters are `?`; names are Sage's own.

Pages go by `cbMarq` (the row's identity), news by `cbModification` (to the minute). `{…}` are columns that some
versions do not have; `columns.py` fills them in.
"""

from __future__ import annotations

from typing import Final

COLUMNS: Final = """
SELECT table_name AS table_name, column_name AS column_name FROM information_schema.columns
WHERE upper(table_name) IN ('F_ARTICLE', 'F_ARTSTOCK', 'F_DOCENTETE', 'F_DOCLIGNE', 'F_DEPOT', 'F_GAMSTOCK')
"""
COMPANY: Final = "SELECT count(*) AS articles, max(cbModification) AS newest FROM F_ARTICLE"
CLIENTS: Final = (
    "SELECT CT_Num, CT_Intitule, CT_Sommeil FROM F_COMPTET WHERE CT_Type = 0 AND CT_Num IN ({marks})"
)
ARTICLES_EXIST: Final = "SELECT AR_Ref FROM F_ARTICLE WHERE AR_Ref IN ({marks})"
DEPOTS: Final = "SELECT DE_No, DE_Intitule, {de_code} AS de_code FROM F_DEPOT ORDER BY DE_No"
NEWEST: Final = "SELECT max(cbModification) AS newest FROM {table}"

# The page first: what is joined to it is summed for its own articles, not for the whole catalogue each time.
ARTICLES: Final = """
WITH page AS (
    SELECT * FROM F_ARTICLE WHERE cbMarq > ? AND cbModification >= ?
    ORDER BY cbMarq OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY
)
SELECT a.cbMarq, a.AR_Ref, a.AR_Design, a.FA_CodeFamille, a.AR_CodeBarre, a.AR_PoidsNet, a.AR_UnitePoids, a.AR_PrixAch,
       a.AR_CoutStd, a.AR_PrixVen, a.AR_PrixTTC, a.AR_SuiviStock, a.AR_Sommeil, a.AR_Gamme1, {ar_publie} AS ar_publie,
       a.cbModification, COALESCE(t.TA_Taux, tf.TA_Taux) AS vat_rate,
       s.units, s.value, f.AF_PrixAch AS supplier_price, f.AF_Remise AS supplier_discount, c.CT_Intitule AS supplier
FROM page a
LEFT JOIN F_ARTCOMPTA ac ON ac.AR_Ref = a.AR_Ref AND ac.ACP_Type = 0 AND ac.ACP_Champ = ?
LEFT JOIN F_TAXE t ON t.TA_Code = ac.ACP_ComptaCPT_Taxe1
LEFT JOIN F_FAMCOMPTA fc ON fc.FA_CodeFamille = a.FA_CodeFamille AND fc.FCP_Type = 0 AND fc.FCP_Champ = ?
LEFT JOIN F_TAXE tf ON tf.TA_Code = fc.FCP_ComptaCPT_Taxe1
LEFT JOIN (SELECT AR_Ref, SUM(AS_QteSto) AS units, SUM(AS_MontSto) AS value FROM F_ARTSTOCK
           WHERE AR_Ref IN (SELECT AR_Ref FROM page) GROUP BY AR_Ref) s ON s.AR_Ref = a.AR_Ref
LEFT JOIN F_ARTFOURNISS f ON f.AR_Ref = a.AR_Ref AND f.AF_Principal = 1
LEFT JOIN F_COMPTET c ON c.CT_Num = f.CT_Num
ORDER BY a.cbMarq
"""
# An article that is not followed in stock and is made of others that are: sold as a kit, shipped as its components.
COMPONENTS: Final = """
SELECT n.AR_Ref, n.NO_RefDet, n.NO_Qte FROM F_NOMENCLAT n
JOIN F_ARTICLE k ON k.AR_Ref = n.AR_Ref JOIN F_ARTICLE a ON a.AR_Ref = n.NO_RefDet
WHERE n.AR_Ref IN ({marks}) AND COALESCE(k.AR_SuiviStock, 0) = 0 AND a.AR_SuiviStock <> 0 ORDER BY n.cbMarq
"""
VARIANTS: Final = """
SELECT e.AR_Ref, e.AG_No1, e.AG_No2, e.AE_Ref, e.AE_CodeBarre, e.AE_PrixAch, e.AE_Sommeil,
       g1.EG_Enumere AS value_1, g2.EG_Enumere AS value_2
FROM F_ARTENUMREF e
LEFT JOIN F_ARTGAMME g1 ON g1.AR_Ref = e.AR_Ref AND g1.AG_No = e.AG_No1
LEFT JOIN F_ARTGAMME g2 ON g2.AR_Ref = e.AR_Ref AND g2.AG_No = e.AG_No2
WHERE e.AR_Ref IN ({marks}) ORDER BY e.cbMarq
"""
VARIANT_OF: Final = """
SELECT e.AE_Ref, e.AR_Ref, g1.EG_Enumere AS value_1, g2.EG_Enumere AS value_2 FROM F_ARTENUMREF e
LEFT JOIN F_ARTGAMME g1 ON g1.AR_Ref = e.AR_Ref AND g1.AG_No = e.AG_No1
LEFT JOIN F_ARTGAMME g2 ON g2.AR_Ref = e.AR_Ref AND g2.AG_No = e.AG_No2
WHERE e.AE_Ref IN ({marks})
"""
VARIANT_KEYS: Final = """
SELECT e.cbMarq, e.AR_Ref, e.AE_Ref, g1.EG_Enumere AS value_1, g2.EG_Enumere AS value_2 FROM F_ARTENUMREF e
LEFT JOIN F_ARTGAMME g1 ON g1.AR_Ref = e.AR_Ref AND g1.AG_No = e.AG_No1
LEFT JOIN F_ARTGAMME g2 ON g2.AR_Ref = e.AR_Ref AND g2.AG_No = e.AG_No2
WHERE e.cbMarq > ? ORDER BY e.cbMarq OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY
"""
ARTICLE_KEYS: Final = """
SELECT cbMarq, AR_Ref FROM F_ARTICLE WHERE cbMarq > ? ORDER BY cbMarq OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY
"""

# « Ours »: what our own orders reserve. The hub reserves those units itself; only the others' are taken off.
STOCK: Final = """
SELECT s.cbMarq, s.AR_Ref, s.DE_No, COALESCE(s.AS_QteSto, 0) AS physical, COALESCE(s.AS_QteRes, 0) AS reserved,
       COALESCE(s.AS_QtePrepa, 0) AS preparing, COALESCE(s.AS_QteAControler, 0) AS to_check,
       COALESCE(s.AS_QteCom, 0) AS incoming, COALESCE(o.units, 0) AS ours, s.cbModification
FROM F_ARTSTOCK s JOIN F_ARTICLE a ON a.AR_Ref = s.AR_Ref
LEFT JOIN (SELECT l.AR_Ref, l.DE_No, SUM(l.DL_Qte) AS units FROM F_DOCLIGNE l
           JOIN F_DOCENTETE e ON e.DO_Domaine = l.DO_Domaine AND e.DO_Type = l.DO_Type AND e.DO_Piece = l.DO_Piece
           WHERE e.DO_Domaine = 0 AND e.DO_Type IN (1, 2) AND e.DO_NoWeb LIKE ?
           GROUP BY l.AR_Ref, l.DE_No) o ON o.AR_Ref = s.AR_Ref AND o.DE_No = s.DE_No
WHERE a.AR_SuiviStock <> 0 AND COALESCE(a.AR_Gamme1, 0) = 0 AND s.cbMarq > ? AND s.cbModification >= ?
ORDER BY s.cbMarq OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY
"""
VARIANT_STOCK: Final = """
SELECT e.AE_Ref, e.AR_Ref, g.DE_No, COALESCE(g.GS_QteSto, 0) AS physical, COALESCE(g.GS_QteRes, 0) AS reserved,
       COALESCE(g.GS_QtePrepa, 0) AS preparing, COALESCE(g.GS_QteAControler, 0) AS to_check,
       COALESCE(g.GS_QteCom, 0) AS incoming, COALESCE(o.units, 0) AS ours
FROM F_GAMSTOCK g
JOIN F_ARTENUMREF e ON e.AR_Ref = g.AR_Ref AND e.AG_No1 = g.AG_No1 AND COALESCE(e.AG_No2, 0) = COALESCE(g.AG_No2, 0)
LEFT JOIN (SELECT l.AR_Ref, l.AG_No1, l.AG_No2, l.DE_No, SUM(l.DL_Qte) AS units FROM F_DOCLIGNE l
           JOIN F_DOCENTETE e ON e.DO_Domaine = l.DO_Domaine AND e.DO_Type = l.DO_Type AND e.DO_Piece = l.DO_Piece
           WHERE e.DO_Domaine = 0 AND e.DO_Type IN (1, 2) AND e.DO_NoWeb LIKE ?
           GROUP BY l.AR_Ref, l.AG_No1, l.AG_No2, l.DE_No) o
       ON o.AR_Ref = g.AR_Ref AND o.AG_No1 = g.AG_No1 AND COALESCE(o.AG_No2, 0) = COALESCE(g.AG_No2, 0)
      AND o.DE_No = g.DE_No
WHERE e.AE_Ref <> '' AND g.cbModification >= ? ORDER BY g.cbMarq
"""
# Departures of the last minutes: those after the instant of the count are put back into it.
RECENT_DEPARTURES: Final = """
SELECT l.AR_Ref, l.DE_No, l.DL_Qte, e.DO_Type, e.DO_Date, e.DO_Heure, e.DO_DateExpedition, l.DL_DateBL
FROM F_DOCLIGNE l
JOIN F_DOCENTETE e ON e.DO_Domaine = l.DO_Domaine AND e.DO_Type = l.DO_Type AND e.DO_Piece = l.DO_Piece
WHERE e.DO_Domaine = 0 AND e.DO_Type IN (3, 6, 7) AND e.DO_Provenance = 0
  AND (e.DO_NoWeb LIKE ? OR l.DO_Ref LIKE ?) AND l.cbModification >= ?
"""

HEADERS: Final = """
SELECT e.cbMarq, e.DO_Type, e.DO_Piece, e.DO_Provenance, e.DO_NoWeb, e.cbModification FROM F_DOCENTETE e
WHERE e.DO_Domaine = 0 AND e.DO_Type IN ({types}) AND e.cbMarq > ? AND e.cbModification >= ?
ORDER BY e.cbMarq OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY
"""
LINES_OF_HEADERS: Final = """
SELECT e.cbMarq AS header, e.DO_Type, e.DO_Piece, e.DO_NoWeb, e.DO_Date, e.DO_Heure, e.DO_DateExpedition,
       x.E_Intitule AS carrier, l.cbMarq, l.AR_Ref, l.AG_No1, l.DL_Qte, l.DL_PieceBC, l.DL_PieceBL, l.DL_DateBL,
       l.DL_NoColis, l.DL_Ligne, l.DO_Ref, l.DE_No, a.AR_SuiviStock, v.AE_Ref, {composed} AS composed,
       (SELECT count(*) FROM F_NOMENCLAT n WHERE n.AR_Ref = l.AR_Ref) AS parts
FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
LEFT JOIN F_ARTICLE a ON a.AR_Ref = l.AR_Ref
LEFT JOIN F_ARTENUMREF v ON v.AR_Ref = l.AR_Ref AND v.AG_No1 = l.AG_No1 AND v.AG_No2 = l.AG_No2 AND l.AG_No1 > 0
LEFT JOIN P_EXPEDITION x ON x.cbMarq = e.DO_Expedit
WHERE e.cbMarq IN ({marks}) AND (e.DO_NoWeb LIKE ? OR l.DO_Ref LIKE ?) ORDER BY e.cbMarq, l.DL_Ligne
"""
PROGRESS: Final = """
SELECT e.DO_NoWeb, l.DO_Ref, e.DO_Type, e.DO_Piece, e.DO_Cloture, e.DO_Reliquat, e.cbModification, l.DL_PieceBC,
       l.DL_PiecePL, l.DL_PieceBL, l.DL_Qte, a.AR_SuiviStock, l.DL_MontantTTC
FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
LEFT JOIN F_ARTICLE a ON a.AR_Ref = l.AR_Ref
WHERE e.DO_Domaine = 0 AND e.DO_Type IN (1, 2, 3, 6, 7) AND e.DO_Provenance = 0
  AND (e.DO_NoWeb IN ({marks}) OR l.DO_Ref IN ({marks})) ORDER BY e.cbMarq
"""
# Look before creating: in every type that the order may have become, and in lines of grouped invoices.
KNOWN_ORDERS: Final = """
SELECT e.DO_NoWeb AS reference FROM F_DOCENTETE e WHERE e.DO_Domaine = 0 AND e.DO_NoWeb IN ({marks})
UNION SELECT l.DO_Ref FROM F_DOCLIGNE l
WHERE l.DO_Domaine = 0 AND l.DO_Type IN (1, 2, 3, 6, 7) AND l.DO_Ref IN ({marks}) AND l.DL_PieceBC <> ''
"""
KNOWN_CREDITS: Final = """
SELECT e.DO_NoWeb AS reference FROM F_DOCENTETE e
WHERE e.DO_Domaine = 0 AND e.DO_Provenance = 2 AND e.DO_NoWeb IN ({marks})
"""
BOOKED: Final = """
SELECT COALESCE(NULLIF(e.DO_NoWeb, ''), l.DO_Ref) AS reference, COALESCE(NULLIF(l.DL_PieceBC, ''), e.DO_Piece) AS piece,
       SUM(l.DL_MontantTTC) AS total, MIN(l.DL_DateBC) AS placed,
       MAX(CASE WHEN e.DO_Type IN (1, 2) AND l.DL_Qte > 0 AND a.AR_SuiviStock <> 0 THEN 1 ELSE 0 END) AS waiting,
       MAX(CASE WHEN e.DO_Type IN (3, 6, 7) THEN 1 ELSE 0 END) AS gone
FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
LEFT JOIN F_ARTICLE a ON a.AR_Ref = l.AR_Ref
WHERE e.DO_Domaine = 0 AND e.DO_Type IN (1, 2, 3, 6, 7) AND e.DO_Provenance = 0
  AND (e.DO_NoWeb LIKE ? OR l.DO_Ref LIKE ?) AND l.DL_DateBC >= ? AND l.DL_DateBC < ?
GROUP BY COALESCE(NULLIF(e.DO_NoWeb, ''), l.DO_Ref), COALESCE(NULLIF(l.DL_PieceBC, ''), e.DO_Piece)
"""

# Credit notes and returns that bear no reference of ours are known by the order that their lines began as.
PIECES_OF_HEADERS: Final = """
SELECT DISTINCT l.DL_PieceBC AS piece FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
WHERE e.cbMarq IN ({marks}) AND l.DL_PieceBC <> '' AND (e.DO_Type IN (4, 5) OR e.DO_Provenance IN (1, 2))
"""
ORDERS_OF_PIECES: Final = """
SELECT DISTINCT l.DL_PieceBC AS piece, e.DO_NoWeb, l.DO_Ref FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
WHERE e.DO_Domaine = 0 AND e.DO_Type IN (2, 3, 6, 7) AND e.DO_Provenance = 0 AND l.DL_PieceBC IN ({marks})
"""
REFERENCES_OF_HEADERS: Final = """
SELECT DISTINCT e.DO_NoWeb, l.DO_Ref FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
WHERE e.cbMarq IN ({marks}) AND (e.DO_NoWeb LIKE ? OR l.DO_Ref LIKE ?)
"""
_PAPERS: Final = """
SELECT e.cbMarq AS header, l.cbMarq, e.DO_Type, e.DO_Piece, e.DO_Provenance, e.DO_NoWeb, e.DO_Date, l.DO_Ref,
       l.AR_Ref, l.DL_Qte, l.DL_MontantHT, l.DL_MontantTTC, l.DL_PieceBC, l.DL_PiecePL, l.DL_PieceBL, l.DL_DateBC,
       l.DL_DatePL, l.DL_DateBL, a.AR_SuiviStock, v.AE_Ref, {composed} AS composed,
       (SELECT count(*) FROM F_NOMENCLAT n WHERE n.AR_Ref = l.AR_Ref) AS parts
FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
LEFT JOIN F_ARTICLE a ON a.AR_Ref = l.AR_Ref
LEFT JOIN F_ARTENUMREF v ON v.AR_Ref = l.AR_Ref AND v.AG_No1 = l.AG_No1 AND v.AG_No2 = l.AG_No2 AND l.AG_No1 > 0
WHERE e.DO_Domaine = 0 AND e.DO_Type IN (1, 2, 3, 4, 5, 6, 7)
"""
PAPERS_OF_ORDERS: Final = f"""
{_PAPERS} AND e.DO_NoWeb IN ({{marks}})
UNION {_PAPERS} AND l.DO_Ref IN ({{marks}}) ORDER BY 1, 2
"""
PAPERS_OF_PIECES: Final = f"""
{_PAPERS} AND (e.DO_Type IN (4, 5) OR e.DO_Provenance IN (1, 2)) AND l.DL_PieceBC IN ({{marks}}) ORDER BY 1, 2
"""

SUPPLIERS: Final = """
SELECT CT_Num, CT_Intitule, CT_Sommeil FROM F_COMPTET
WHERE CT_Type = 1 AND (CT_Num IN ({marks}) OR CT_Intitule IN ({marks}))
"""
# Look before creating: an order to a supplier that was received or invoiced is known by its header or its lines.
KNOWN_PURCHASES: Final = """
SELECT e.DO_NoWeb AS reference, e.DO_Piece AS piece FROM F_DOCENTETE e
WHERE e.DO_Domaine = 1 AND e.DO_Type IN (12, 13, 16, 17) AND e.DO_NoWeb IN ({marks})
UNION SELECT l.DO_Ref, l.DO_Piece FROM F_DOCLIGNE l
WHERE l.DO_Domaine = 1 AND l.DO_Type IN (12, 13, 16, 17) AND l.DO_Ref IN ({marks})
"""
PURCHASE_HEADERS: Final = """
SELECT e.cbMarq, e.DO_NoWeb, e.DO_Ref, e.cbModification FROM F_DOCENTETE e
WHERE e.DO_Domaine = 1 AND e.DO_Type IN (12, 13, 16, 17) AND e.cbMarq > ? AND e.cbModification >= ?
ORDER BY e.cbMarq OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY
"""
REFERENCES_OF_PURCHASES: Final = """
SELECT DISTINCT l.DO_Ref FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
WHERE e.cbMarq IN ({marks}) AND l.DO_Ref LIKE ?
"""
PURCHASES: Final = """
SELECT l.DO_Ref, l.DO_Type, l.DO_Piece, l.DL_PieceBC, l.AR_Ref, l.DL_Qte, e.DO_Cloture, e.cbModification, v.AE_Ref
FROM F_DOCLIGNE l
JOIN F_DOCENTETE e ON e.DO_Domaine = l.DO_Domaine AND e.DO_Type = l.DO_Type AND e.DO_Piece = l.DO_Piece
LEFT JOIN F_ARTENUMREF v ON v.AR_Ref = l.AR_Ref AND v.AG_No1 = l.AG_No1 AND v.AG_No2 = l.AG_No2 AND l.AG_No1 > 0
WHERE l.DO_Domaine = 1 AND l.DO_Type IN (12, 13, 16, 17) AND l.DO_Ref IN ({marks}) ORDER BY l.cbMarq
"""

ACCOUNTS_OF_ORDERS: Final = """
SELECT DISTINCT e.DO_Tiers FROM F_DOCENTETE e
WHERE e.DO_Domaine = 0 AND e.DO_NoWeb IN ({marks}) AND e.DO_Tiers LIKE ?
"""
ORDERS_OF_ACCOUNTS: Final = """
SELECT DISTINCT e.DO_Tiers, e.DO_NoWeb FROM F_DOCENTETE e
WHERE e.DO_Domaine = 0 AND e.DO_Tiers IN ({marks}) AND e.DO_NoWeb LIKE ?
"""
