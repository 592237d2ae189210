# What every operation uses: answers, refusals, the journal, reading Sage by SQL, articles.

function Send-Answer($Context, [int]$Status, $Body) {
    $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $Body -Compress -Depth 5))
    $Context.Response.StatusCode = $Status
    $Context.Response.ContentType = 'application/json'
    $Context.Response.OutputStream.Write($bytes, 0, $bytes.Length)
    $Context.Response.Close()
}

# Ends an operation with a Probleme of the contract; the loop of pont.ps1 sends it.
function Deny([int]$Status, [string]$Code, [string]$Message) {
    $refusal = New-Object InvalidOperationException $Message
    $refusal.Data['status'] = $Status
    $refusal.Data['code'] = $Code
    throw $refusal
}

# --- what is asked ------------------------------------------------------------------------------------

function Read-Body($Context) {
    $reader = New-Object IO.StreamReader($Context.Request.InputStream, [Text.Encoding]::UTF8)
    try { $asked = $reader.ReadToEnd() | ConvertFrom-Json } catch { Deny 400 'contrat' 'The body is no JSON.' }
    if ($asked -isnot [Management.Automation.PSCustomObject]) { Deny 400 'contrat' 'The body is no JSON object.' }
    $asked
}

function Test-Fields($Object, [string[]]$Names) {
    foreach ($name in $Names) {
        if ($null -eq $Object.PSObject.Properties[$name]) { Deny 400 'contrat' "$name is missing." }
    }
}

function Get-Field($Object, [string]$Name, $Default = '') {
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property -or $null -eq $property.Value) { return $Default }
    $property.Value
}

function Read-Day([string]$Text) {
    $day = [datetime]::MinValue
    $culture = [Globalization.CultureInfo]::InvariantCulture
    if (-not [datetime]::TryParseExact($Text, 'yyyy-MM-dd', $culture, [Globalization.DateTimeStyles]::None, [ref]$day)) {
        Deny 400 'contrat' "$Text is no day."
    }
    $day
}

function Limit-Text([string]$Text, [int]$Length) { $Text.Substring(0, [Math]::Min($Length, $Text.Length)) }

# Sage pads some keys; what is NULL is empty.
function Get-Text($Value) { ([string]$Value).Trim() }

function Test-Reference([string]$Reference) {
    if ($Reference.Length -lt 1 -or $Reference.Length -gt 17) { Deny 422 'idExterne' 'idExterne has 1 to 17 characters.' }
}

# --- Sage, read by SQL with a login that may only read ---------------------------------------------------

# Objets Metiers cannot search a DO_NoWeb, nor a number that a line had before. One array of rows, maybe empty.
function Read-Sage([string]$Sql, [hashtable]$Values) {
    $connection = New-Object Data.SqlClient.SqlConnection $Reading
    try {
        $command = $connection.CreateCommand()
        $command.CommandText = $Sql
        foreach ($name in $Values.Keys) {
            $given = $command.Parameters.AddWithValue("@$name", $Values[$name])
            if ($Values[$name] -is [string]) { $given.SqlDbType = [Data.SqlDbType]::VarChar }      # as Sage's own keys
        }
        $table = New-Object Data.DataTable
        [void](New-Object Data.SqlClient.SqlDataAdapter $command).Fill($table)
    } finally { $connection.Dispose() }
    return , @($table.Rows)
}

# --- the journal ------------------------------------------------------------------------------------------

# One file per write: {} once begun, then what was answered. An id that is no file name is kept by its hash.
function Get-JournalFile([string]$Kind, [string]$Reference) {
    if ($Reference -notmatch '^[A-Za-z0-9-]{1,40}$') {
        $sha = [Security.Cryptography.SHA256]::Create()
        $hash = $sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($Reference))
        $Reference = 'sha256-' + [BitConverter]::ToString($hash).Replace('-', '')
    }
    Join-Path $Journal "$Kind.$Reference.json"
}

function Read-Journal([string]$File) {
    if (-not (Test-Path $File)) { return $null }
    $text = Get-Content $File -Raw -Encoding UTF8
    if (-not $text) { return New-Object PSObject }          # killed while it wrote: begun
    $text | ConvertFrom-Json
}

function Write-Journal([string]$File, [hashtable]$Entry) {
    Set-Content "$File.new" -Value (ConvertTo-Json $Entry -Depth 5) -Encoding UTF8
    Move-Item "$File.new" $File -Force
}

# A write, once: the journal, then Sage itself, then the write. $Look gives what Sage has ($null: nothing), $Prepare refuses
# or gives what $Commit needs, and writes no document; $Commit gives what is answered under $Field.
function Complete-Once($Context, [string]$File, [string]$Field, [scriptblock]$Look, [scriptblock]$Prepare, [scriptblock]$Commit) {
    $kept = Read-Journal $File
    if ($kept -and $kept.PSObject.Properties[$Field]) { return Send-Answer $Context 200 @{ $Field = $kept.$Field } }
    $value = & $Look
    if ($value) {
        Write-Journal $File @{ $Field = $value }
        return Send-Answer $Context 200 @{ $Field = $value }
    }
    if (Test-Path $File) { Deny 409 'en_cours' 'Begun and not finished: look in Sage.' }
    try { $ready = @(& $Prepare)[-1] } catch {
        # NOT RUN against a real Sage: that a value which it refuses throws a COMException and leaves its session open. Told as
        # busy, one such order would hold up all that come after it.
        $base = $_.Exception.GetBaseException()
        if ($base -is [Runtime.InteropServices.COMException] -and $cial.IsOpen) { Deny 422 'sage' $base.Message }
        throw
    }
    # From here on Sage may have it, whatever happens to us: the journal says so before the call.
    Write-Journal $File @{ plan = $ready.plan }
    try { $value = @(& $Commit $ready)[-1] } catch {
        $cause = $_
        try { $value = & $Look } catch { Deny 409 'en_cours' 'Begun, and what Sage has is not plain.' }
        if (-not $value) {
            # NOT RUN against a real Sage: that a Process() or a Write() that throws leaves nothing behind it.
            if (Test-Path $File) { Remove-Item $File }
            throw $cause
        }
    }
    Write-Journal $File @{ $Field = $value }
    Send-Answer $Context 201 @{ $Field = $value }
}

function Send-Known($Context, [string]$File, [scriptblock]$Look) {
    $kept = Read-Journal $File
    if ($kept -and $kept.PSObject.Properties['piece']) { return Send-Answer $Context 200 @{ piece = $kept.piece } }
    $piece = & $Look
    if ($piece) { return Send-Answer $Context 200 @{ piece = $piece } }
    if ($kept) { Deny 409 'en_cours' 'Begun and not finished.' }
    Deny 404 'inconnue' 'No document has this idExterne.'
}

# --- documents --------------------------------------------------------------------------------------------

function Test-Article($Line) {
    Test-Fields $Line 'article', 'quantite'
    $found = Read-Sage 'SELECT AR_Sommeil FROM F_ARTICLE WHERE AR_Ref = @article' @{ article = [string]$Line.article }
    if (-not $found.Count -or $found[0].AR_Sommeil) { Deny 422 'article' "no active article $($Line.article)" }
    if ($Line.quantite -lt 1) { Deny 422 'quantite' "$($Line.article): $($Line.quantite) cannot be ordered" }
}

function Read-Value($Factory, [string]$Article, [string]$Value) {
    if (-not $Factory.ExistEnumere($Value)) { Deny 422 'gamme' "$Article has no $Value" }
    $Factory.ReadEnumere($Value)
}

# A line of a document that is being made. Objets Metiers refuse an article with ranges without their values.
function Add-Line($Process, $Line) {
    $article = $cial.FactoryArticle.ReadReference($Line.article)
    $first, $second = [string](Get-Field $Line 'gamme1'), [string](Get-Field $Line 'gamme2')
    if (-not $first) {
        if ($article.FactoryArticleGammeEnum1.List.Count) { Deny 422 'gamme' "$($Line.article) needs the value of its range" }
        return $Process.AddArticle($article, [double]$Line.quantite)
    }
    $one = Read-Value $article.FactoryArticleGammeEnum1 $Line.article $first
    if (-not $second) { return $Process.AddArticleMonoGamme($one, [double]$Line.quantite) }
    $two = Read-Value $article.FactoryArticleGammeEnum2 $Line.article $second
    $Process.AddArticleDoubleGamme($one, $two, [double]$Line.quantite)
}

# NOT RUN against a real Sage: DepotStockage of a document, and its lines taking it after.
function Set-Depot($Document, [string]$Code) {
    if (-not $Code) { return }
    $found = Read-Sage 'SELECT DE_Intitule FROM F_DEPOT WHERE DE_Code = @code' @{ code = $Code }
    if ($found.Count -ne 1) { Deny 422 'sage' "$($found.Count) depots have the code $Code" }
    $Document.DepotStockage = $cial.FactoryDepot.ReadIntitule([string]$found[0].DE_Intitule)
}

function Test-Process($Process) {
    if ($Process.CanProcess) { return }
    $words = for ($i = 1; $i -le $Process.Errors.Count; $i++) { $Process.Errors.Item($i).Text }
    Deny 422 'sage' ("Sage refuses: " + (@($words) -join ' '))
}
