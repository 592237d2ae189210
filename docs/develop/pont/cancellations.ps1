# Units taken off lines that have not left: orders (1) and preparations (2), whose lines keep their cbMarq.

# Done when each line of the plan has what it should, not begun when each has what it had. Else: a person looks.
function Find-Cancellation([string]$File, [string]$Id) {
    $kept = Read-Journal $File
    if (-not $kept) { return $null }
    if (-not $kept.PSObject.Properties['plan'] -or -not @($kept.plan).Count) { Deny 409 'en_cours' 'Begun, without a plan.' }
    $done = $undone = 0
    foreach ($step in @($kept.plan)) {
        $row = Read-Sage 'SELECT DL_Qte FROM F_DOCLIGNE WHERE cbMarq = @marq' @{ marq = [int]$step.marq }
        if ($row.Count -and [decimal]$row[0].DL_Qte -eq [decimal]$step.after) { $done++ }
        elseif ($row.Count -and [decimal]$row[0].DL_Qte -eq [decimal]$step.before) { $undone++ }
    }
    if ($done -eq @($kept.plan).Count) { return $Id }
    if ($undone -eq @($kept.plan).Count) { Remove-Item $File; return $null }
    Deny 409 'en_cours' 'Begun and not finished: look in Sage.'
}

function Remove-Units($Context, [string]$Reference) {
    $asked = Read-Body $Context
    Test-Fields $asked 'id', 'article', 'quantite'
    $file = Get-JournalFile 'annulation' $asked.id
    Complete-Once $Context $file 'id' `
        -Look { Find-Cancellation $file $asked.id } `
        -Prepare { Initialize-Cancellation $Reference $asked } `
        -Commit { param($ready) Save-Cancellation $ready.plan; $asked.id }
}

function Read-Rows([int]$Type, [string]$Piece) {
    $rows = Read-Sage @'
SELECT cbMarq, AR_Ref, AR_RefCompose, AG_No1, AG_No2, DL_Qte FROM F_DOCLIGNE
WHERE DO_Domaine = 0 AND DO_Type = @type AND DO_Piece = @piece ORDER BY DL_Ligne, cbMarq
'@ @{ type = $Type; piece = $Piece }
    return , $rows
}

# Writes nothing: the lines that change, with what they have and what they shall have.
function Initialize-Cancellation([string]$Reference, $Asked) {
    if ($Asked.quantite -lt 1) { Deny 422 'quantite' "$($Asked.quantite) cannot be cancelled" }
    if (-not (Find-Order $Reference)) { Deny 422 'commande' "no order $Reference" }
    $papers = Read-Sage @'
SELECT DO_Type, DO_Piece FROM F_DOCENTETE
WHERE DO_Domaine = 0 AND DO_Provenance = 0 AND DO_Type IN (1, 2) AND DO_NoWeb = @reference ORDER BY DO_Type, cbMarq
'@ @{ reference = $Reference }
    $left, $plan, $ways = [decimal]$Asked.quantite, @(), @{}
    foreach ($paper in $papers) {
        $type, $piece = [int]$paper.DO_Type, (Get-Text $paper.DO_Piece)
        $rows = Read-Rows $type $piece
        for ($place = 0; $place -lt $rows.Count; $place++) {
            $row, $composed = $rows[$place], (Get-Text $rows[$place].AR_RefCompose)
            # A component of a kit bears the kit's article; the kit's own line, nothing or its own.
            if ((Get-Text $row.AR_Ref) -ne $Asked.article -or $row.DL_Qte -le 0) { continue }
            if ($composed -and $composed -ne $Asked.article) { continue }
            $ways["$($row.AG_No1)|$($row.AG_No2)"] = $true
            $units = [Math]::Min($left, [decimal]$row.DL_Qte)
            if (-not $units) { continue }
            $after = [decimal]$row.DL_Qte - $units
            $plan += @{ type = $type; piece = $piece; place = $place; marq = $row.cbMarq; before = $row.DL_Qte; after = $after }
            $plan += @(Get-Components $rows $place $type $piece $after)
            $left -= $units
        }
    }
    # The contract names an article, not the values of its ranges: it must be plain which line is meant.
    if ($ways.Count -gt 1) { Deny 422 'gamme' "$Reference has several variants of $($Asked.article): by hand" }
    if ($left) { Deny 422 'deja_expedie' "$left units of $($Asked.article) have left or are not there" }
    @{ plan = $plan }
}

# The lines that follow a kit. A variable component follows its kit; a fixed one stays until no kit is left.
# NOT RUN against a real Sage: whether it follows by itself. What is written is the quantity itself, so twice does no harm.
function Get-Components($Rows, [int]$Place, [int]$Type, [string]$Piece, [decimal]$After) {
    $kit, $before = (Get-Text $Rows[$Place].AR_Ref), [decimal]$Rows[$Place].DL_Qte
    for ($next = $Place + 1; $next -lt $Rows.Count; $next++) {
        $row, $component = $Rows[$next], (Get-Text $Rows[$next].AR_Ref)
        if ((Get-Text $row.AR_RefCompose) -ne $kit -or $component -eq $kit) { return }
        $parts = Read-Sage 'SELECT NO_Qte FROM F_NOMENCLAT WHERE AR_Ref = @kit AND NO_RefDet = @component' `
            @{ kit = $kit; component = $component }
        $each = $(if ($parts.Count -eq 1) { [decimal]$parts[0].NO_Qte } else { [decimal]0 })
        $target = [decimal]$row.DL_Qte
        if (-not $After) { $target = [decimal]0 } elseif ($each -and $each * $before -eq $target) { $target = $each * $After }
        if ($target -ne [decimal]$row.DL_Qte) {
            @{ type = $Type; piece = $Piece; place = $next; marq = $row.cbMarq; before = $row.DL_Qte; after = $target }
        }
    }
}

# NOT RUN against a real Sage: that the lines of a document are listed in the order of DL_Ligne (each is compared before any is
# written), CouldModified() to hold it and Write() or Read() to let it go, a quantity of 0 on a line, DO_Cloture.
function Save-Cancellation($Plan) {
    foreach ($paper in @($Plan | ForEach-Object { "$($_.type)|$($_.piece)" } | Select-Object -Unique)) {
        $type, $piece = $paper.Split('|')
        $steps = @($Plan | Where-Object { "$($_.type)|$($_.piece)" -eq $paper })
        $document = $cial.FactoryDocumentVente.ReadPiece([int]$type, $piece)
        $document.CouldModified()       # throws while somebody holds it: nothing is done
        try {
            $document.Refresh()
            $lines = Test-Lines $document (Read-Rows $type $piece)
            foreach ($step in $steps) {
                $line = $lines[$step.place]
                if ([decimal]$line.DL_Qte -ne [decimal]$step.before) { Deny 503 'occupe' "$piece has changed." }
                if ($line.EU_Qte -ne $line.DL_Qte) { Deny 422 'quantite' "$piece sells by packages: by hand" }
            }
            foreach ($step in $steps) {
                $line = $lines[$step.place]
                $line.EU_Qte = [double]$step.after
                $line.DL_Qte = [double]$step.after
                $line.Write()
            }
        } catch {
            $document.Read()
            throw
        }
        Close-Empty $document $type $piece
    }
}

function Test-Lines($Document, $Rows) {
    $lines = @(foreach ($line in $Document.FactoryDocumentLigne.List) { $line })
    if ($lines.Count -ne $Rows.Count) { Deny 503 'occupe' "$($Document.DO_Piece) has changed." }
    for ($place = 0; $place -lt $lines.Count; $place++) {
        $article = $(if ($null -eq $lines[$place].Article) { '' } else { $lines[$place].Article.AR_Ref })
        if ($article -ne (Get-Text $Rows[$place].AR_Ref) -or [decimal]$lines[$place].DL_Qte -ne [decimal]$Rows[$place].DL_Qte) {
            Deny 503 'occupe' "$($Document.DO_Piece) is not read as it is written."
        }
    }
    return , $lines
}

# A document of which nothing is left to leave is closed. The units are off already: where it cannot be, the console says so.
function Close-Empty($Document, [int]$Type, [string]$Piece) {
    $waiting = Read-Sage @'
SELECT COUNT(*) AS waiting FROM F_DOCLIGNE l JOIN F_ARTICLE a ON a.AR_Ref = l.AR_Ref AND a.AR_SuiviStock <> 0
WHERE l.DO_Domaine = 0 AND l.DO_Type = @type AND l.DO_Piece = @piece AND l.DL_Qte > 0
'@ @{ type = $Type; piece = $Piece }
    try {
        if (-not $waiting[0].waiting) { $Document.DO_Cloture = $true }
        $Document.Write()
    } catch { Write-Warning "$Piece could not be closed: $($_.Exception.GetType().Name)" }
}
