# Orders of customers and credit notes. Cancellations are in cancellations.ps1.

# The first number of an order, whatever its lines have become.
function Find-Order([string]$Reference) {
    $found = Read-Sage @'
SELECT TOP 1 e.DO_Type, e.DO_Piece, l.DL_PieceBC FROM F_DOCENTETE e
LEFT JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
WHERE e.DO_Domaine = 0 AND e.DO_Provenance = 0 AND e.DO_NoWeb = @reference ORDER BY e.cbMarq, l.DL_Ligne
'@ @{ reference = $Reference }
    if (-not $found.Count) { return $null }
    $first = Get-Text $found[0].DL_PieceBC
    if ($found[0].DO_Type -eq 1 -or -not $first) { return Get-Text $found[0].DO_Piece }
    $first
}

function Send-Order($Context, [string]$Reference) {
    Send-Known $Context (Get-JournalFile 'commande' $Reference) { Find-Order $Reference }
}

function New-Order($Context) {
    $asked = Read-Body $Context
    Test-Fields $asked 'idExterne', 'client', 'date', 'lignes'
    Test-Reference $asked.idExterne
    Complete-Once $Context (Get-JournalFile 'commande' $asked.idExterne) 'piece' `
        -Look { Find-Order $asked.idExterne } `
        -Prepare { Initialize-Order $asked } `
        -Commit { param($ready) [void]$ready.process.Process(); $ready.process.DocumentResult.DO_Piece }
}

function Initialize-Order($Asked) {
    $lines = @(Get-Field $Asked 'lignes' @())
    if (-not $lines.Count) { Deny 422 'lignes' 'an order has lines' }
    $total = [decimal]0
    foreach ($line in $lines) {
        Test-Article $line
        Test-Fields $line 'puTtc'
        $total += [Math]::Round([decimal]$line.puTtc * $line.quantite, 2, [MidpointRounding]::AwayFromZero)
    }
    $said = Get-Field $Asked 'totalTtc' $null
    if ($null -ne $said -and $total -ne [decimal]$said) { Deny 422 'total' "lines make $total" }
    $account = Get-Field $Asked 'compteClient' $null
    if ($account) { Open-Account $account }
    Test-Account $Asked.client 0 'client'
    $process = $cial.CreateProcess_Document(1)          # DocumentTypeVenteCommande
    $document = $process.Document
    $document.SetDefaultClient($cial.CptaApplication.FactoryClient.ReadNumero($Asked.client))
    Set-Depot $document (Get-Field $Asked 'depot')
    $document.DO_Date = Read-Day $Asked.date
    $document.DO_Ref = Limit-Text (Get-Field $Asked 'reference') 17
    # NOT RUN against a real Sage: DO_NoWeb as a property; an old version may need a free field (InfoLibre).
    $document.DO_NoWeb = $Asked.idExterne
    if ($HasExternalReference) { $document.DO_RefExterne = Limit-Text (Get-Field $Asked 'referenceLongue') 51 }
    foreach ($line in $lines) {
        $row = Add-Line $process $line
        # NOT RUN against a real Sage: TTC, the line's property over the column DL_TTC, before DL_PUTTC.
        $row.TTC = $true
        $row.DL_PUTTC = [double]$line.puTtc
        $words = Get-Field $line 'designation'
        if ($words) { $row.DL_Design = Limit-Text $words 69 }
    }
    Set-Place $document $Asked
    Test-Process $process
    @{ process = $process; plan = @() }
}

# The delivery address. Its title ends with our reference: the account may have other buyers of that name.
# NOT RUN against a real Sage: LieuLivraison, LI_Contact, the names of Adresse and Telecom.
function Set-Place($Document, $Asked) {
    $address = Get-Field $Asked 'adresse' $null
    if (-not $address) { return }
    $name = Get-Field $address 'nom'
    if (-not $name) { $name = Get-Field $address 'societe' }
    $title = (Limit-Text $name (34 - $Asked.idExterne.Length)) + ' ' + $Asked.idExterne
    $places = $cial.CptaApplication.FactoryClient.ReadNumero($Asked.client).FactoryClientLivraison
    $there = Read-Sage 'SELECT LI_No FROM F_LIVRAISON WHERE CT_Num = @client AND LI_Intitule = @title' `
        @{ client = $Asked.client; title = $title }
    if ($there.Count) {         # an earlier try, whose order was refused
        $Document.LieuLivraison = @(foreach ($place in $places.List) { if ($place.LI_Intitule -eq $title) { $place } })[0]
        return
    }
    $place = $places.Create()
    $place.LI_Intitule = $title
    $place.LI_Contact = Limit-Text (Get-Field $address 'societe') 35
    $place.Adresse.Adresse = Limit-Text (Get-Field $address 'l1') 35
    $place.Adresse.Complement = Limit-Text (Get-Field $address 'l2') 35
    $place.Adresse.CodePostal = Limit-Text (Get-Field $address 'cp') 9
    $place.Adresse.Ville = Limit-Text (Get-Field $address 'ville') 35
    $place.Adresse.Pays = Limit-Text (Get-Field $address 'pays') 35
    $place.Telecom.Telephone = Limit-Text (Get-Field $address 'tel') 21
    $place.Telecom.EMail = Limit-Text (Get-Field $address 'mail') 69
    $place.Write()
    $Document.LieuLivraison = $place
}

# --- credit notes -----------------------------------------------------------------------------------------

# DO_Type 6 of provenance 2 under our refund's id. One of another amount was begun and not finished, or is not ours.
function Find-Credit([string]$Reference, [decimal]$Amount) {
    $found = Read-Sage @'
SELECT e.DO_Piece, COALESCE(SUM(l.DL_MontantTTC), 0) AS total FROM F_DOCENTETE e
LEFT JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
WHERE e.DO_Domaine = 0 AND e.DO_Type IN (6, 7) AND e.DO_Provenance = 2 AND e.DO_NoWeb = @reference
GROUP BY e.DO_Piece
'@ @{ reference = $Reference }
    if (-not $found.Count) { return $null }
    $piece = Get-Text $found[0].DO_Piece
    if ([Math]::Round([decimal]$found[0].total, 2) -ne -$Amount) { Deny 409 'en_cours' "$piece is there with another amount." }
    $piece
}

function New-Credit($Context) {
    $asked = Read-Body $Context
    Test-Fields $asked 'idExterne', 'commande', 'article', 'quantite', 'montantTtc'
    Test-Reference $asked.idExterne
    $amount = [decimal]$asked.montantTtc
    Complete-Once $Context (Get-JournalFile 'avoir' $asked.idExterne) 'piece' `
        -Look { Find-Credit $asked.idExterne $amount } `
        -Prepare { Initialize-Credit $asked $amount } `
        -Commit { param($ready) Save-Credit $asked $amount $ready }
}

# What was sold: its customer, its rate, its ranges. Other documents of our reference are credit notes.
function Initialize-Credit($Asked, [decimal]$Amount) {
    if ($Asked.quantite -lt 0 -or $Amount -le 0) { Deny 422 'quantite' 'a credit gives back an amount' }
    if (-not (Find-Order $Asked.commande)) { Deny 422 'commande' "no order $($Asked.commande)" }
    $sold = Read-Sage @'
SELECT DISTINCT l.CT_Num, l.DL_Taxe1, g1.EG_Enumere AS value_1, g2.EG_Enumere AS value_2 FROM F_DOCENTETE e
JOIN F_DOCLIGNE l ON l.DO_Domaine = e.DO_Domaine AND l.DO_Type = e.DO_Type AND l.DO_Piece = e.DO_Piece
LEFT JOIN F_ARTGAMME g1 ON g1.AR_Ref = l.AR_Ref AND g1.AG_No = l.AG_No1
LEFT JOIN F_ARTGAMME g2 ON g2.AR_Ref = l.AR_Ref AND g2.AG_No = l.AG_No2
WHERE e.DO_Domaine = 0 AND e.DO_Provenance = 0 AND e.DO_NoWeb = @reference AND l.AR_Ref = @article
'@ @{ reference = [string]$Asked.commande; article = [string]$Asked.article }
    if (-not $sold.Count) { Deny 422 'article' "$($Asked.commande) has no article $($Asked.article)" }
    if ($sold.Count -gt 1) { Deny 422 'gamme' "$($Asked.article) is there in several ways: by hand" }
    @{ sold = $sold[0]; plan = @() }
}

# NOT RUN against a real Sage: CreateFacture(2) for DocProvenanceAvoir, negative quantities on it, the stock that it leaves
# alone, and its removal while it is neither printed nor booked. So the amount and the rate are read back.
function Save-Credit($Asked, [decimal]$Amount, $Ready) {
    $units = [Math]::Max([int]$Asked.quantite, 1)
    $document = $cial.FactoryDocumentVente.CreateFacture(2)
    $document.DO_Date = $(if (Get-Field $Asked 'date') { Read-Day $Asked.date } else { [datetime]::Today })
    $document.SetDefaultClient($cial.CptaApplication.FactoryClient.ReadNumero((Get-Text $Ready.sold.CT_Num)))
    $document.DO_Ref = $Asked.commande
    $document.DO_NoWeb = $Asked.idExterne
    $document.Write()
    try {
        $row = $document.FactoryDocumentLigne.Create()
        Set-CreditArticle $row $Asked.article $Ready.sold (-$units)
        $row.TTC = $true
        $row.DL_PUTTC = [double][Math]::Round($Amount / $units, 6)
        $row.WriteDefault()
        $kept = Read-Sage @'
SELECT DL_Taxe1, DL_MontantTTC FROM F_DOCLIGNE WHERE DO_Domaine = 0 AND DO_Type = 6 AND DO_Piece = @piece AND AR_Ref = @article
'@ @{ piece = [string]$document.DO_Piece; article = [string]$Asked.article }
        if ($kept.Count -ne 1 -or [Math]::Round([decimal]$kept[0].DL_MontantTTC, 2) -ne -$Amount) {
            Deny 422 'total' "Sage does not make $Amount of it"
        }
        if ($kept[0].DL_Taxe1 -ne $Ready.sold.DL_Taxe1) { Deny 422 'sage' 'the rate is not that of the sale' }
    } catch {
        $document.Remove()      # where this fails, Find-Credit finds a wrong amount and answers 409
        throw
    }
    $document.DO_Piece
}

function Set-CreditArticle($Row, [string]$Reference, $Sold, [double]$Units) {
    $article = $cial.FactoryArticle.ReadReference($Reference)
    $first, $second = (Get-Text $Sold.value_1), (Get-Text $Sold.value_2)
    if (-not $first) { return $Row.SetDefaultArticle($article, $Units) }
    $one = Read-Value $article.FactoryArticleGammeEnum1 $Reference $first
    if (-not $second) { return $Row.SetDefaultArticleMonoGamme($one, $Units) }
    $Row.SetDefaultArticleDoubleGamme($one, (Read-Value $article.FactoryArticleGammeEnum2 $Reference $second), $Units)
}
