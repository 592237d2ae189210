# Accounts of customers (CT_Type 0) and suppliers (1): looked at, opened for one buyer, emptied.

function Find-Account([string]$Number, [int]$Type) {
    $found = Read-Sage 'SELECT CT_Sommeil FROM F_COMPTET WHERE CT_Num = @number AND CT_Type = @type' `
        @{ number = $Number; type = $Type }
    if ($found.Count) { $found[0] }
}

function Test-Account([string]$Number, [int]$Type, [string]$Code) {
    $found = Find-Account $Number $Type
    if (-not $found -or $found.CT_Sommeil) { Deny 422 $Code "no active account $Number" }
}

# NOT RUN against a real Sage: CatTarif and CatCompta as what carries the categories, the longest CT_Intitule of each version.
function Open-Account($Asked) {
    Test-Fields $Asked 'numero', 'intitule', 'modele'
    if (Find-Account $Asked.numero 0) { return }
    if (-not (Find-Account $Asked.modele 0)) { Deny 422 'client' "no customer $($Asked.modele) to take after" }
    $customers = $cial.CptaApplication.FactoryClient
    $model = $customers.ReadNumero($Asked.modele)
    $account = $customers.Create()
    $account.CT_Num = $Asked.numero
    $account.CT_Intitule = Limit-Text $Asked.intitule 35
    $account.Adresse.CodePostal = Limit-Text (Get-Field $Asked 'cp') 9
    $account.Adresse.Ville = Limit-Text (Get-Field $Asked 'ville') 35
    $account.Adresse.Pays = Limit-Text (Get-Field $Asked 'pays') 35
    $account.CompteGPrinc = $model.CompteGPrinc
    $account.SetDefault()
    $account.CatTarif = $model.CatTarif
    $account.CatCompta = $model.CatCompta
    $account.Write()
}

# Its documents keep their numbers and amounts. The country stays: it says which tax was due. Twice does no harm.
# NOT RUN against a real Sage: the names of Adresse and Telecom, whether LI_Intitule is unique (numbered for that), whether
# Sage lets go of a contact, and of an account while a document of it is open.
function Clear-Account($Context, [string]$Number) {
    if (-not (Find-Account $Number 0)) { Deny 404 'inconnue' "No customer $Number." }
    $account = $cial.CptaApplication.FactoryClient.ReadNumero($Number)
    $account.CT_Intitule = 'ANONYME'
    $account.CT_Classement = 'ANONYME'          # Sage takes it from the title
    $account.CT_Contact = ''
    Clear-Place $account
    $account.Write()
    $places = @(foreach ($place in $account.FactoryClientLivraison.List) { $place })
    $cleared = @($places | Where-Object { $_.LI_Intitule -match '^ANONYME' }).Count
    foreach ($place in $places) {
        if ($place.LI_Intitule -notmatch '^ANONYME') {
            $cleared++
            $place.LI_Intitule = "ANONYME $cleared"
        }
        $place.LI_Contact = ''
        Clear-Place $place
        $place.Write()
    }
    foreach ($contact in @(foreach ($person in $account.FactoryTiersContact.List) { $person })) { $contact.Remove() }
    Send-Answer $Context 200 @{ id = $Number }
}

function Clear-Place($Owner) {
    foreach ($name in 'Adresse', 'Complement', 'CodePostal', 'Ville') { $Owner.Adresse.$name = '' }
    foreach ($name in 'Telephone', 'Telecopie', 'EMail', 'Site') { $Owner.Telecom.$name = '' }
}
