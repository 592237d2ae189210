# Pont Comptoir for Sage 100: a reference that was NEVER RUN against a real Sage. See README.md beside it.
# Contract: ../pont-openapi.yaml (comptoir-pont/1). 32-bit PowerShell 5.1, -STA. What only a real Sage can confirm is marked
# "NOT RUN against a real Sage" where it is used, with the reason.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$Key = $env:PONT_CLE
$Journal = $env:PONT_JOURNAL
$Reading = $env:PONT_LECTURE
if (-not $Key -or $Key.Length -lt 24) { throw 'PONT_CLE: 24 characters at least' }
if (-not $Journal -or -not (Test-Path $Journal -PathType Container)) { throw "PONT_JOURNAL: no folder $Journal" }
if (-not $Reading) { throw 'PONT_LECTURE: the connection of a login that may only read' }

foreach ($part in 'common', 'accounts', 'sales', 'cancellations', 'purchases') { . (Join-Path $PSScriptRoot "$part.ps1") }

# The accounting application must stay referenced as long as the commercial one lives.
$cpta = New-Object -ComObject 'Objets100c.Cpta.Stream'
$cial = New-Object -ComObject 'Objets100c.Cial.Stream'
$cial.Name = $env:PONT_GCM
$cial.Loggable.UserName = $env:PONT_UTILISATEUR
$cial.Loggable.UserPwd = $env:PONT_MOT_DE_PASSE
$cial.CptaApplication = $cpta
$cial.Open()
$column = (Read-Sage "SELECT COL_LENGTH('F_DOCENTETE', 'DO_RefExterne') AS size" @{})[0].size
$HasExternalReference = $column -isnot [DBNull]

function Send-Health($Context) {
    Send-Answer $Context 200 @{ contrat = 'comptoir-pont/1'; etat = 'pret'; base = $cial.Name }
}

# The operations of the contract, each with the function that serves it.
$Routes = @(
    @{ Method = 'GET'; Path = '/v1/sante'; Serve = 'Send-Health' }
    @{ Method = 'POST'; Path = '/v1/commandes'; Serve = 'New-Order' }
    @{ Method = 'GET'; Path = '/v1/commandes/{idExterne}'; Serve = 'Send-Order' }
    @{ Method = 'POST'; Path = '/v1/commandes/{idExterne}/annulations'; Serve = 'Remove-Units' }
    @{ Method = 'POST'; Path = '/v1/avoirs'; Serve = 'New-Credit' }
    @{ Method = 'POST'; Path = '/v1/achats/commandes'; Serve = 'New-Purchase' }
    @{ Method = 'GET'; Path = '/v1/achats/commandes/{idExterne}'; Serve = 'Send-Purchase' }
    @{ Method = 'POST'; Path = '/v1/clients/{numero}/anonymisation'; Serve = 'Clear-Account' }
)

# One request at a time: the next waits in http.sys.
function Invoke-Operation($Context) {
    $request = $Context.Request
    if ($request.Headers['Authorization'] -cne "Bearer $Key") { Deny 401 'cle' 'The key of the pont is wrong.' }
    foreach ($route in $Routes) {
        $pattern = '^' + ($route.Path -replace '\{[^}]+\}', '([^/]+)') + '$'
        $found = [regex]::Match($request.Url.AbsolutePath, $pattern)
        if ($request.HttpMethod -ne $route.Method -or -not $found.Success) { continue }
        if ($found.Groups.Count -eq 1) { return & $route.Serve $Context }
        return & $route.Serve $Context ([Uri]::UnescapeDataString($found.Groups[1].Value))
    }
    Deny 400 'contrat' 'The contract has no such operation.'
}

$listener = New-Object Net.HttpListener
$listener.Prefixes.Add('https://+:8443/v1/')
$listener.Start()
while ($true) {
    $context = $listener.GetContext()
    try { [void](Invoke-Operation $context) } catch {
        # A rule says no, or Sage is held. Nothing of the request is repeated: it holds an address.
        $told = $_.Exception.Data
        $status, $code, $message = 503, 'occupe', $_.Exception.GetType().Name
        $base = $_.Exception.GetBaseException()
        if ($base -is [FormatException] -or $base -is [InvalidCastException]) {
            $status, $code, $message = 400, 'contrat', 'A value is not of its type.'
        }
        if ($told.Contains('status')) { $status, $code, $message = $told['status'], $told['code'], $_.Exception.Message }
        try { Send-Answer $context $status @{ code = $code; message = $message } } catch { }
    }
}
