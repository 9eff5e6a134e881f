"""The legal forms of companies, as data: what cleanco's lists lack, and what they list though it is
an ordinary word.  Everything is in folded form.
"""

from __future__ import annotations

from portal.deals.rules.matching.scripts import LEGAL_WORDS
from portal.deals.rules.matching.word_lists import word_set

COUNTRY_CODES = dict(
    pair.split(":")
    for pair in word_set(
        """
        Albania:AL Argentina:AR Australia:AU Austria:AT Belarus:BY Belgium:BE Bulgaria:BG
        Cambodia:KH Canada:CA Chile:CL Columbia:CO Croatia:HR Denmark:DK Ecuador:EC Egypt:EG
        Estonia:EE Finland:FI France:FR Germany:DE Greece:GR Guatemala:GT Haiti:HT Hungary:HU
        Iceland:IS India:IN Indonesia:ID Ireland:IE Israel:IL Italy:IT Japan:JP Latvia:LV Lebanon:LB
        Lithuania:LT Luxemborg:LU Macedonia:MK Malaysia:MY Mexico:MX Mongolia:MN Netherlands:NL
        Nigeria:NG Norway:NO Oman:OM Pakistan:PK Peru:PE Philippines:PH Poland:PL Portugal:PT
        Romania:RO Russia:RU Serbia:RS Singapore:SG Slovenia:SI Slovakia:SK Spain:ES Sweden:SE
        Switzerland:CH Turkey:TR Ukraine:UA Uzbekistan:UZ
        """
    )
) | {
    "Bosnia / Herzegovina": "BA",
    "Czech Republic": "CZ",
    "Dominican Republic": "DO",
    "Hong Kong": "HK",
    "New Zealand": "NZ",
    "United Kingdom": "GB",
    "United States of America": "US",
    # Brazil's list in the data is mostly Bulgaria's; the forms of Brazil are below.
}

# Listed in the data, but words or country names in other companies' names.
ORDINARY_WORDS = word_set(
    """
    private uk et ok ep ec ei at da ps sp em sem fa ud og etat gie kf ba bl hf sf ij ee pp ks kt
    ik kv qk xk xt pt ad mb sd se esv cpt teo dat vat fie sal scop cic cio fcp sep ent amba psu
    pse gp tapui peec plcltd obrt
    """
)

# Country codes, then forms behind bars; what is used everywhere stands behind no code.
MORE_FORMS = """
AT DE CH LI|gmbh|gesmbh|ges m b h|gesellschaft mbh|mbh|gesellschaft mit beschrankter haftung|ag
AT DE CH LI|aktiengesellschaft|gmbh and co kg|gmbh and co|gmbh and cie kg|ag and co kg|gmbh co kg
AT DE|kg|ohg|og|kommanditgesellschaft|offene handelsgesellschaft|eingetragene genossenschaft|eg|egen
DE|ug|ug haftungsbeschrankt|ug haftungsbeschrankt and co kg|unternehmergesellschaft|ek|gbr|ggmbh
DE|kgaa|gmbh and co kgaa|se and co kgaa|ag and co kgaa|gmbh and co ohg|ug and co kg|partg|partgmbb
DE|gag|invag|vvag|ev|e k|eingetragener verein|eingetragener kaufmann|mbb|haftungsbeschrankt
|se|sce|limited|ltd|co ltd|co limited|company limited|company ltd|inc|incorporated|corp|corporation
|company|co|and co|and company|and co ltd|and company limited|private limited company|plc
|limited liability company|llc|l l c|llp|lp|limited partnership|public limited company|jsc|cjsc
|ojsc|pjsc|joint stock company|public joint stock company|closed joint stock company|co inc|co llc
|open joint stock company|limited company|corp ltd|sa|s a|ltd co|pty|pvt|pte|and cie|and cia
|et cie|y cia|e cia|und co|u co|et co|cie|unlimited company|unltd|and co inc
|company inc|corporation ltd|and co llc|trading co ltd
US|pllc|lllp|pc|pa|na|l3c|pbc|professional corporation
US CA PH|inc|incorporated
CA|ltee|limitee|inc ltee|ulc
GB IE|cic|community interest company|unlimited|dac|designated activity company|clg|plc|teoranta
AU ZA NA|pty ltd|proprietary limited|pty limited|pty|proprietary ltd
ZA|rf|npc|soc ltd
IN PK BD LK|pvt ltd|private limited|pvt limited|pvt|pvt co ltd|private ltd|p ltd|opc pvt ltd
NG|nig ltd|nigeria limited
FR|sas|sasu|eurl|sci|scm|snc|selarl|scop|societe par actions simplifiee|entreprise individuelle
FR|societe a responsabilite limitee|societe civile immobiliere
FR BE LU CH CA MA TN DZ SN CI|sarl|s a r l|societe anonyme
BE|sprl|srl|bvba|cvba|scrl|asbl|vzw|comm v|besloten vennootschap met beperkte aansprakelijkheid
NL BE|bv|besloten vennootschap|nv|naamloze vennootschap|cv|vof|bvio
IT|srl|spa|srls|sapa|snc|sas di|scarl|societa per azioni|societa a responsabilita limitata|coop a rl
IT|soc coop|scpa|srl a socio unico|srl unipersonale|s coop|societa cooperativa
ES|sl|slu|sau|sll|sociedad limitada|s coop|scoop|sociedad limitada unipersonal|slp|sal
ES AR MX PE CL CO UY|sociedad anonima|sa|srl|sociedad de responsabilidad limitada
MX|sa de cv|s de rl de cv|s de rl|sab de cv|sapi de cv|sc de rl|sa de c v|sofom|s a p i de cv
AR CL CO PE UY EC|sac|saic|eirl|ltda|limitada|sas|spa|saci|cia ltda|saa|sacif|s en c
BR|ltda|sa|eireli|me|epp|ltda me|sociedade anonima|limitada|cia|s s
PT|lda|limitada|unipessoal lda|sgps|sociedade anonima|sgps sa
FI|oy|oyj|osakeyhtio|julkinen osakeyhtio|ky|ay|oy ab|tmi|osk
SE FI|ab|aktiebolag|ab publ|publ|hb|kb|handelsbolag|aktiebolaget
DK|aps|a s|ivs|aktieselskab|anpartsselskab|amba|is|ks|smba
NO|as|asa|aksjeselskap|allmennaksjeselskap|ans|ba|nuf|sf
IS|ehf|hf|ohf|slf
EE|ou|osauhing|aktsiaselts|mtu
LV|sia|sabiedriba ar ierobezotu atbildibu|akciju sabiedriba
LT|uab|ab|akcine bendrove|uzdaroji akcine bendrove|mb|vsi
PL|sp z oo|sp zoo|spzoo|spolka z oo|spolka akcyjna|sp j|sp k|sp z oo sp k|ska|psa|spolka z o o
PL|spolka z ograniczona odpowiedzialnoscia|spolka jawna|spolka komandytowa|sp z o o|zoo|sp p
CZ SK|sro|spol s ro|as|akciova spolecnost|akciova spolocnost|s r o|vos|ks|zs
CZ SK|spolecnost s rucenim omezenym
HU|kft|zrt|nyrt|bt|kkt|korlatolt felelossegu tarsasag|reszvenytarsasag|rt
RO|srl|sa|sca|pfa|ii|societate pe actiuni
BG|ood|eood|ad|ead|et|kd|adsits
RS HR SI BA ME MK|doo|dd|ad|jdoo|dooel|obrt|jp|sp
GR CY|ae|epe|ike|oe|ee|anonymi etaireia|monoprosopi epe|monoprosopi ike|abee|avee|sa|aee|aebe
TR|as|anonim sirketi|limited sirketi|ltd sti|ltd sirketi|san ve tic as|san ve tic ltd sti|kollektif
TR|sanayi ve ticaret as|sanayi ve ticaret anonim sirketi|sanayi ve ticaret limited sirketi|sti|tas
TR|sanayi ve ticaret ltd sti|san tic ltd sti|san tic as|tic ltd sti|tic as|ticaret as
RU BY KZ KG|ooo|oao|zao|pao|ao|too|ip|nao|gup|fgup|mup|chup|odo|tdo|aktsionernoe obshchestvo
RU BY KZ KG|obshchestvo s ogranichennoy otvetstvennostyu|publichnoe aktsionernoe obshchestvo
RU BY KZ KG|zakrytoe aktsionernoe obshchestvo|otkrytoe aktsionernoe obshchestvo|3ao
UA|tov|prat|pat|vat|zat|fop|tzov|tovarystvo z obmezhenoyu vidpovidalnistyu|dp|pp
JP|kk|k k|gk|g k|yk|kabushiki kaisha|kabushiki gaisha|godo kaisha|yugen kaisha
JP KR CN TW HK VN TH|co ltd
CN|youxian gongsi|gufen youxian gongsi|youxian zeren gongsi|jituan youxian gongsi
KR|jusik hoesa|chusik hoesa|yuhan hoesa
MY BN|sdn bhd|bhd|berhad|sendirian berhad|sdn
SG|pte ltd|private limited|pte limited|pte
ID|pt|tbk|pt tbk|persero tbk|persero|cv|perseroan terbatas
TH|public company limited|pcl|public co ltd
VN|tnhh|cong ty tnhh|cong ty co phan|cong ty cp|mtv|tnhh mtv|jsc
PH|opc|inc
AE|fze|fzco|fzc|fz llc|fz|dmcc|pjsc|free zone company
KW BH QA OM AE SA|wll|w l l|ksc|kscp|kscc|bsc|bscc|qsc|qpsc|saog|saoc|spc|with limited liability
EG|sae|s a e|llc
MA TN DZ|suarl|sarl au
LB|sal|sal offshore
IL|bm|baam
IR|pjs|pvt j s
"""

# Forms that stand in front of the name; the rest only ever follow it.
IN_FRONT = word_set(
    """
    fa ooo oao zao pao ao too tov prat pat uab sia pt cv kk jusik kabushiki ood eood doo sc
    firma tnhh sarl eurl sas sa srl ab as ou oy pp fop dp nao gup fgup mup ip etairia
    """
)
PHRASES_IN_FRONT = (
    "aktsionernoe obshchestvo",
    "publichnoe aktsionernoe obshchestvo",
    "zakrytoe aktsionernoe obshchestvo",
    "otkrytoe aktsionernoe obshchestvo",
    "obshchestvo s ogranichennoy otvetstvennostyu",
    "tovarystvo z obmezhenoyu vidpovidalnistyu",
    "cong ty tnhh",
    "cong ty co phan",
    "cong ty cp",
    "tnhh mtv",
    "kabushiki kaisha",
    "perseroan terbatas",
    "societe anonyme",
    "aktiebolaget",
)
# In front of a Latin name, these are as often initials ("AO Smith"); they count when a form of the
# same part of the world follows ("S.C. Dacia S.A.").
UNSURE_IN_FRONT = word_set(
    """
    sc sa ab as ao oy sas srl cv pp dp ip too pat
    """
)
ENGLISH = word_set(
    """
    inc incorporated corp corporation ltd limited llc co company plc
    """
)

# Never an ordinary word, so it goes from the middle of a name too ("Acme GmbH Berlin").
ANYWHERE = (
    word_set(
        """
    gmbh ggmbh mbh gesmbh inc incorporated ltd llc llp plc corp pty pvt pte aktiengesellschaft
    kgaa sarl sprl bvba srl spa oyj aps eurl sasu spzoo sro kft zrt nyrt ooo oao zao pao uab
    eood sdn bhd ltda lda limited haftungsbeschrankt fze fzco wll jsc pjsc ojsc cjsc
    """
    )
    | LEGAL_WORDS.keys()
)

# Too widely used, in translations above all, to tell the country.
TELLS_NO_COUNTRY = word_set(
    """
    inc ltd limited corp co company llc plc sa se as ab co ltd coltd jsc pjsc ojsc cjsc llp lp
    and co andco sas spa srl cv nv ad pt pc pa na is ks me sc ip pp et ii kd sp pat corporation
    incorporated kg cia cic limitada ltda sac coltd privatelimited
    """
)
