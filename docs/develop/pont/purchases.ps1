# Orders to suppliers. What is received is Sage's own: the hub reads it (DO_Type 13, 16, 17), the contract has no write of it.

# By the reference on its lines, which stays on them when they are received and invoiced.
function Find-Purchase([string]$Reference) {
    $found = Read-Sage @'
SELECT TOP 1 DO_Piece, DL_PieceBC FROM F_DOCLIGNE
WHERE DO_Domaine = 1 AND DO_Type IN (12, 13, 16, 17) AND DO_Ref = @reference ORDER BY cbMarq
'@ @{ reference = $Reference }
    if (-not $found.Count) { return $null }
    $first = Get-Text $found[0].DL_PieceBC
    if ($first) { return $first }
    Get-Text $found[0].DO_Piece
}

function Send-Purchase($Context, [string]$Reference) {
    Send-Known $Context (Get-JournalFile 'achat' $Reference) { Find-Purchase $Reference }
}

function New-Purchase($Context) {
    $asked = Read-Body $Context
    Test-Fields $asked 'idExterne', 'fournisseur', 'date', 'lignes'
    Test-Reference $asked.idExterne
    Complete-Once $Context (Get-JournalFile 'achat' $asked.idExterne) 'piece' `
        -Look { Find-Purchase $asked.idExterne } `
        -Prepare { Initialize-Purchase $asked } `
        -Commit { param($ready) [void]$ready.process.Process(); $ready.process.DocumentResult.DO_Piece }
}

# NOT RUN against a real Sage: 12 (DocumentTypeAchatCommandeConf) for the order that was sent, DO_Ref on its lines, which is all
# that names it (DO_NoWeb is a field of sales), TTC and DL_PrixUnitaire with the discount that Sage knows of this supplier.
function Initialize-Purchase($Asked) {
    $lines = @(Get-Field $Asked 'lignes' @())
    if (-not $lines.Count) { Deny 422 'lignes' 'an order has lines' }
    Test-Account $Asked.fournisseur 1 'fournisseur'
    foreach ($line in $lines) {
        Test-Article $line
        Test-Fields $line 'puHt'
    }
    $process = $cial.CreateProcess_Document(12)
    $document = $process.Document
    $document.SetDefaultFournisseur($cial.CptaApplication.FactoryFournisseur.ReadNumero($Asked.fournisseur))
    Set-Depot $document (Get-Field $Asked 'depot')
    $document.DO_Date = Read-Day $Asked.date
    $expected = Get-Field $Asked 'dateLivraison'
    if ($expected) { $document.DO_DateLivr = Read-Day $expected }
    $document.DO_Ref = Limit-Text (Get-Field $Asked 'reference' $Asked.idExterne) 17
    foreach ($line in $lines) {
        $row = Add-Line $process $line
        $row.TTC = $false
        $row.DL_PrixUnitaire = [double]$line.puHt
        $row.DO_Ref = $Asked.idExterne
        $words = Get-Field $line 'designation'
        if ($words) { $row.DL_Design = Limit-Text $words 69 }
        $theirs = Get-Field $line 'refFournisseur'
        if ($theirs) { $row.AF_RefFourniss = Limit-Text $theirs 19 }
    }
    Test-Process $process
    @{ process = $process; plan = @() }
}
