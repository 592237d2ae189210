# Pont Comptoir for Sage 100: a reference that was NEVER RUN against a real Sage. See README.md beside it.
# Contract: ../pont-openapi.yaml (comptoir-pont/1). 32-bit PowerShell 5.1, -STA.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$Key = $env:PONT_CLE
$Journal = $env:PONT_JOURNAL
if (-not $Key -or $Key.Length -lt 24) { throw 'PONT_CLE: 24 characters at least' }
if (-not (Test-Path $Journal -PathType Container)) { throw "PONT_JOURNAL: no folder $Journal" }

# The accounting application must stay referenced as long as the commercial one lives.
$cpta = New-Object -ComObject 'Objets100c.Cpta.Stream'
$cial = New-Object -ComObject 'Objets100c.Cial.Stream'
$cial.Name = $env:PONT_GCM
$cial.Loggable.UserName = $env:PONT_UTILISATEUR
$cial.Loggable.UserPwd = $env:PONT_MOT_DE_PASSE
$cial.CptaApplication = $cpta
$cial.Open()

function Send-Answer($Context, [int]$Status, $Body) {
    $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $Body -Compress -Depth 5))
    $Context.Response.StatusCode = $Status
    $Context.Response.ContentType = 'application/json'
    $Context.Response.OutputStream.Write($bytes, 0, $bytes.Length)
    $Context.Response.Close()
}

function Get-JournalFile([string]$Reference) {
    if ($Reference -notmatch '^[A-Za-z0-9-]{1,17}$') { throw "idExterne: $Reference" }
    Join-Path $Journal "$Reference.json"
}

function New-Order($Context, $Asked) {
    $file = Get-JournalFile $Asked.idExterne
    if (Test-Path $file) {
        $kept = Get-Content $file -Raw -Encoding UTF8 | ConvertFrom-Json
        if ($kept.PSObject.Properties["piece"]) { return Send-Answer $Context 200 @{ piece = $kept.piece } }
        return Send-Answer $Context 409 @{ code = 'en_cours'; message = 'Begun and not finished: look in Sage.' }
    }
    $total = [decimal]0
    foreach ($line in $Asked.lignes) {
        $total += [Math]::Round([decimal]$line.puTtc * $line.quantite, 2, [MidpointRounding]::AwayFromZero)
    }
    if ($total -ne [decimal]$Asked.totalTtc) {
        return Send-Answer $Context 422 @{ code = 'total'; message = "lines make $total" }
    }
    if (-not $cial.CptaApplication.FactoryClient.ExistNumero($Asked.client)) {
        return Send-Answer $Context 422 @{ code = 'client'; message = "no customer $($Asked.client)" }
    }
    $process = $cial.CreateProcess_Document(1)          # DocumentTypeVenteCommande
    $document = $process.Document
    $document.SetDefaultClient($cial.CptaApplication.FactoryClient.ReadNumero($Asked.client))
    $document.DO_Date = [datetime]::ParseExact($Asked.date, 'yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture)
    $document.DO_Ref = $Asked.reference
    $document.DO_NoWeb = $Asked.idExterne
    foreach ($line in $Asked.lignes) {
        if (-not $cial.FactoryArticle.ExistReference($line.article)) {
            return Send-Answer $Context 422 @{ code = 'article'; message = "no article $($line.article)" }
        }
        $row = $process.AddArticle($cial.FactoryArticle.ReadReference($line.article), [double]$line.quantite)
        $row.DL_PUTTC = [double]$line.puTtc
        $row.DL_TTC = $true
        if ($line.designation) { $row.DL_Design = $line.designation }
    }
    if (-not $process.CanProcess) {
        $words = @(foreach ($i in 1..$process.Errors.Count) { $process.Errors.Item($i).Text }) -join ' '
        return Send-Answer $Context 422 @{ code = 'sage'; message = $words }
    }
    # From here on Sage may have it, whatever happens to us: the journal says so before the call.
    Set-Content $file -Value '{}' -Encoding UTF8
    $process.Process()
    $piece = $process.DocumentResult.DO_Piece
    Set-Content $file -Value (ConvertTo-Json @{ piece = $piece }) -Encoding UTF8
    Send-Answer $Context 201 @{ piece = $piece }
}

$listener = New-Object Net.HttpListener
$listener.Prefixes.Add('https://+:8443/v1/')
$listener.Start()
while ($true) {
    $context = $listener.GetContext()
    try {
        $request = $context.Request
        if ($request.Headers['Authorization'] -cne "Bearer $Key") {
            Send-Answer $context 401 @{ code = 'cle'; message = 'wrong key' }
            continue
        }
        $path = $request.Url.AbsolutePath
        if ($path -eq '/v1/sante') {
            Send-Answer $context 200 @{ contrat = 'comptoir-pont/1'; etat = 'pret'; base = $cial.Name }
        } elseif ($path -eq '/v1/commandes' -and $request.HttpMethod -eq 'POST') {
            $reader = New-Object IO.StreamReader($request.InputStream, [Text.Encoding]::UTF8)
            New-Order $context ($reader.ReadToEnd() | ConvertFrom-Json)
        } elseif ($path -match '^/v1/commandes/([^/]+)$' -and $request.HttpMethod -eq 'GET') {
            $file = Get-JournalFile $Matches[1]
            if (Test-Path $file) {
                $kept = Get-Content $file -Raw -Encoding UTF8 | ConvertFrom-Json
                if ($kept.PSObject.Properties['piece']) { Send-Answer $context 200 @{ piece = $kept.piece } }
                else { Send-Answer $context 409 @{ code = 'en_cours'; message = 'Begun and not finished.' } }
            } else { Send-Answer $context 404 @{ code = 'inconnue'; message = 'Not in the journal.' } }
        } else {
            Send-Answer $context 501 @{ code = 'absent'; message = 'Not written in this reference.' }
        }
    } catch {
        # Nothing of the request is repeated: it holds an address.
        try { Send-Answer $context 503 @{ code = 'occupe'; message = $_.Exception.GetType().Name } } catch { }
    }
}
