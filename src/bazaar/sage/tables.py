"""The tables of a Sage 100 company file: the names and the columns that an integration meets.

One table per paragraph: `name column:type …`. Types: V19 varchar, C9 char, N numeric(24,6), S smallint,
I integer, D instant, M instant to the minute; `!` is never null. `cbMarq` is the row's identity and
`cbModification` its last change, to the minute. What stands behind `|` came with later versions.
Sources: the table descriptions of open connectors and "Structure des bases" as quoted by them.
"""

from __future__ import annotations

from typing import Final

PROFILES: Final = ("100c-v3", "v12")
TABLES: Final = """
F_ARTCLIENT AR_Ref:V19! AC_Categorie:S AC_PrixVen:N AC_Coef:N AC_PrixTTC:S cbMarq cbModification
F_ARTCOMPTA AR_Ref:V19! ACP_Type:S ACP_Champ:S ACP_ComptaCPT_CompteG:V13 ACP_ComptaCPT_Taxe1:V5 cbMarq
   cbModification
F_ARTENUMREF AR_Ref:V19! AG_No1:I AG_No2:I AE_Ref:V19 AE_PrixAch:N AE_CodeBarre:V19 AE_Sommeil:S cbMarq
   cbModification
F_ARTFOURNISS AR_Ref:V19! CT_Num:V17! AF_RefFourniss:V19 AF_PrixAch:N AF_DelaiAppro:S AF_Colisage:N
   AF_QteMini:N AF_Principal:S AF_Devise:S AF_Remise:N AF_CodeBarre:V19 cbMarq cbModification
F_ARTGAMME AR_Ref:V19! AG_No:I EG_Enumere:V21 AG_Type:S cbMarq cbModification
F_ARTICLE AR_Ref:V19! AR_Design:V69 FA_CodeFamille:V11! AR_UnitePoids:S AR_PoidsNet:N AR_PoidsBrut:N
   AR_UniteVen:S AR_PrixAch:N AR_Coef:N AR_PrixVen:N AR_PrixTTC:S AR_Gamme1:S AR_Gamme2:S AR_SuiviStock:S
   AR_Nomencl:S AR_Sommeil:S AR_CodeBarre:V19 AR_CodeFiscal:V25 AR_Pays:V35 AR_PUNet:N AR_Contremarque:S
   AR_Publie:S AR_CoutStd:N AR_DateCreation:M AR_DateModif:M AR_Delai:S cbMarq cbModification | cbCreation:D
F_ARTICLEMEDIA AR_Ref:V19! ME_Commentaire:V69 ME_Fichier:V259 cbMarq cbModification
F_ARTSTOCK AR_Ref:V19! DE_No:I! AS_QteMini:N AS_QteMaxi:N AS_MontSto:N AS_QteSto:N AS_QteRes:N AS_QteCom:N
   AS_Principal:S AS_QtePrepa:N AS_QteAControler:N AS_Mouvemente:S cbMarq cbModification | cbCreation:D
F_CATALOGUE CL_No:I CL_Intitule:V35! CL_Code:V3 CL_Stock:S CL_NoParent:I cbMarq cbModification
F_COLLABORATEUR CO_No:I CO_Nom:V35 CO_Prenom:V35 CO_Fonction:V35 CO_Adresse:V35 cbMarq cbModification
F_COMPTEA N_Analytique:S! CA_Num:V13! CA_Intitule:V35 CA_Type:S CA_Classement:V17 cbMarq cbModification
F_COMPTEG CG_Num:V13! CG_Type:S CG_Intitule:V35 CG_Classement:V17 N_Nature:S cbMarq cbModification
F_COMPTET CT_Num:V17! CT_Intitule:V35 CT_Type:S CG_NumPrinc:V13 CT_Contact:V35 CT_Adresse:V35
   CT_Complement:V35 CT_CodePostal:V9 CT_Ville:V35 CT_Pays:V35 CT_Identifiant:V25 CT_Siret:V15
   CT_NumPayeur:V17 N_CatTarif:S N_CatCompta:S CT_Sommeil:S CT_Telephone:V21 CT_EMail:V69 CT_DateCreate:D
   cbMarq cbModification | cbCreation:D
F_CONDITION AR_Ref:V19! CO_No:I EC_Enumere:V21 EC_Quantite:N CO_Ref:V19 CO_CodeBarre:V19 cbMarq cbModification
F_CONTACTT CT_Num:V17! CT_Nom:V35 CT_Prenom:V35 N_Service:S CT_Fonction:V35 cbMarq cbModification
F_CREGLEMENT RG_No:I! CT_NumPayeur:V17 RG_Date:D RG_Reference:V17 RG_Libelle:V35 cbMarq cbModification
F_DEPOT DE_No:I! DE_Intitule:V35! DE_Adresse:V35 DE_CodePostal:V9 DE_Ville:V35 DE_Pays:V35 DE_Principal:S
   DE_Code:V9 DE_Exclure:S cbMarq cbModification | cbCreation:D
F_DOCCURRENTPIECE DC_Domaine:S DC_IdCol:S DC_Souche:S DC_Piece:V13 cbMarq cbModification
F_DOCENTETE DO_Domaine:S DO_Type:S DO_Piece:V13 DO_Date:D DO_Ref:V17 DO_Tiers:V17 DE_No:I LI_No:I
   CT_NumPayeur:V17 DO_Expedit:S DO_Reliquat:S DO_Imprim:S DO_Coord01:V25 DO_Coord02:V25 DO_Coord03:V25
   DO_Coord04:V25 DO_Souche:S DO_DateLivr:D DO_Tarif:S N_CatCompta:S DO_Statut:S DO_Heure:C9 DO_Cloture:S
   DO_NoWeb:V17 DO_Provenance:S DO_ValFrais:N DO_TypeLigneFrais:S DO_DateLivrRealisee:D DO_DateExpedition:D
   DO_PieceOrig:V13 DO_TotalHT:N DO_Valide:S DO_Devise:S DO_Cours:N DO_Motif:V69 DO_Contact:V35 cbMarq
   cbModification
   | DO_TotalHTNet:N DO_TotalTTC:N DO_NetAPayer:N DO_MontantRegle:N DO_RefExterne:V51 cbCreation:D
F_DOCLIGNE DO_Domaine:S DO_Type:S! CT_Num:V17 DO_Piece:V13! DL_PieceBC:V13 DL_PieceBL:V13 DO_Date:D
   DL_DateBC:D DL_DateBL:D DL_Ligne:I DO_Ref:V17 AR_Ref:V19 DL_Design:V69 DL_Qte:N DL_QteBC:N DL_QteBL:N
   DL_PoidsNet:N DL_Remise01REM_Valeur:N DL_Remise01REM_Type:S DL_PrixUnitaire:N DL_PUBC:N DL_Taxe1:N
   DL_CodeTaxe1:V5 AG_No1:I AG_No2:I DL_PrixRU:N DL_CMUP:N DL_MvtStock:S DL_TTC:S DE_No:I DL_PUTTC:N DL_No:I
   DO_DateLivr:D DL_MontantHT:N DL_MontantTTC:N DL_PiecePL:V13 DL_DatePL:D DL_QtePL:N DL_NoColis:V19
   DL_NonLivre:S AR_RefCompose:V19 PF_Num:V9 cbMarq cbModification | DL_MontantRegle:N
F_DOCLIGNETEXT DT_No:I DT_Text:V0 cbMarq cbModification
F_DOCREGL DR_No:I! DO_Domaine:S DO_Type:S DO_Piece:V13 DR_TypeRegl:S cbMarq cbModification
F_ECRITUREC JO_Num:V7! EC_No:I! EC_NoLink:I JM_Date:D! EC_Jour:S cbMarq cbModification
F_ENUMSTAT N_Statistique:S ES_Intitule:V21 cbMarq cbModification
F_ENUMSTATART SA_Champ:S SA_Enumere:V21! cbMarq cbModification
F_FAMCLIENT FA_CodeFamille:V11! CT_Num:V17! FC_Remise:N cbMarq cbModification
F_FAMCOMPTA FA_CodeFamille:V11! FCP_Type:S FCP_Champ:S FCP_ComptaCPT_CompteG:V13 FCP_ComptaCPT_Taxe1:V5 cbMarq
   cbModification
F_FAMILLE FA_CodeFamille:V11! FA_Type:S FA_Intitule:V35 FA_SuiviStock:S cbMarq cbModification
F_FAMTARIF FA_CodeFamille:V11! FT_Categorie:S FT_Coef:N FT_PrixTTC:S FT_Arrondi:S cbMarq cbModification
F_FAMTARIFQTE FA_CodeFamille:V11! FQ_RefCF:V17 FQ_BorneSup:N FQ_Remise01REM_Valeur:N FQ_Remise01REM_Type:S
   cbMarq cbModification
F_GAMSTOCK AR_Ref:V19! AG_No1:I AG_No2:I DE_No:I! GS_MontSto:N GS_QteSto:N GS_QteRes:N GS_QteCom:N
   GS_QtePrepa:N GS_QteAControler:N cbMarq cbModification
F_JOURNAUX JO_Num:V7! JO_Intitule:V35 CG_Num:V13 JO_Type:S JO_NumPiece:S cbMarq cbModification
F_LIVRAISON LI_No:I! CT_Num:V17! LI_Intitule:V35 LI_Adresse:V35 LI_Complement:V35 LI_CodePostal:V9
   LI_Ville:V35 LI_Pays:V35 LI_Contact:V35 LI_Principal:S LI_Telephone:V21 LI_EMail:V69 cbMarq cbModification
   | cbCreation:D
F_NOMENCLAT AR_Ref:V19! NO_RefDet:V19! NO_Qte:N NO_Type:S NO_Ordre:S cbMarq cbModification
F_PAYS PA_Intitule:V35 PA_Code:V3 PA_CodeEdi:V3 PA_Assurance:N PA_Transport:N cbMarq
F_REGLECH RG_No:I! DR_No:I! DO_Domaine:S DO_Type:S DO_Piece:V9 cbMarq cbModification
F_REGLEMENTT CT_Num:V17! N_Reglement:S RT_Condition:S RT_NbJour:S RT_JourTb01:S cbMarq cbModification
F_TARIFCOND AR_Ref:V19! TC_RefCF:V17 CO_No:I TC_Prix:N TC_PrixNouv:N cbMarq cbModification
F_TARIFGAM AR_Ref:V19! TG_RefCF:V17 AG_No1:I AG_No2:I TG_Prix:N cbMarq cbModification
F_TARIFQTE AR_Ref:V19! TQ_RefCF:V17 TQ_BorneSup:N TQ_Remise01REM_Valeur:N TQ_Remise01REM_Type:S cbMarq
   cbModification
F_TAXE TA_Intitule:V35 TA_TTaux:S TA_Taux:N TA_Type:S CG_Num:V13! TA_No:I! TA_Code:V5! TA_Sens:S cbMarq
   cbModification
P_CATCOMPTA CA_ComptaVen01:V35 CA_ComptaVen02:V35 CA_ComptaVen03:V35 CA_ComptaVen04:V35 CA_ComptaVen05:V35
   cbMarq
P_CATTARIF CT_Intitule:V35 CT_PrixTTC:S cbMarq
P_CONDITIONNEMENT P_Conditionnement:V35 cbMarq
P_CONDLIVR C_Intitule:V35 C_Mode:V5 cbMarq
P_CONTACT C_Intitule:V35 cbMarq
P_CRISQUE R_Intitule:V35 R_Type:S R_Min:N R_Max:N cbMarq
P_DEVISE D_Intitule:V35 D_Format:V31 D_Cours:N D_CoursP:N D_Monnaie:V21 cbMarq
P_DOSSIER D_RaisonSoc:V35 D_Profession:V35 D_Adresse:V35 D_Complement:V35 D_CodePostal:V9 cbMarq
P_DOSSIERCIAL D_RaisonS:V35 D_FormatQte:V31 D_FormatPrix:V31 N_DeviseCompte:S N_DeviseEquival:S cbMarq
P_EXPEDITION E_Intitule:V35 E_Mode:V3 AR_Ref:V19 E_TypeFrais:S E_ValFrais:N E_TypeLigneFrais:S cbMarq
P_GAMME G_Intitule:V35 G_Type:S cbMarq
P_INTSTATART P_IntStatArt:V35 cbMarq
P_ORGAVEN D_Valide:S D_Saisie:S D_Confirme:S cbMarq
P_PARAMETRECIAL P_ChpAnal:S P_ChpAnalDoc:S P_Conversion:S P_Indispo:S P_Echeances:S cbMarq
P_PERIOD P_Period:V35 cbMarq
P_REGLEMENT R_Intitule:V35 R_Code:V3 R_ModePaieDebit:S R_ModePaieCredit:S IB_AFBDecaissPrinc:V3 cbMarq
P_SERVICECPTA S_Intitule:V35 S_Abrege:V3 cbMarq
P_SOUCHEVENTE S_Intitule:V35 S_Valide:S JO_Num:V7 cbMarq
P_STATISTIQUE S_Intitule:V35 cbMarq
P_UNITE U_Intitule:V21 U_Correspondance:S U_NbUnite:S U_UniteTemps:S U_EdiCode:V3 cbMarq
cbSysLibre CB_File:V128! CB_Name:V128! CB_Pos:S! CB_Type:S! CB_Len:S! CB_Flag:S
"""
