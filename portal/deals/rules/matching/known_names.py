"""Companies that everyone calls by a short name which does not follow from the long one."""

from __future__ import annotations

_SHORT_AND_LONG = """
ab inbev: anheuser busch inbev
adm: archer daniels midland
aig: american international group
bbva: banco bilbao vizcaya argentaria
bny mellon: bank of new york mellon
bp: british petroleum
bt: british telecom
db: deutsche bahn
dhl: deutsche post
edf: electricite de france
ey: ernst and young
fedex: federal express
fiat: fabbrica italiana automobili torino
ge: general electric
gm: general motors
gsk: glaxosmithkline
hp: hewlett packard
hpe: hewlett packard enterprise
j and j: johnson and johnson
jpmorgan: jpmorgan chase
kpn: koninklijke ptt nederland
l and t: larsen and toubro
lvmh: louis vuitton moet hennessy
obb: osterreichische bundesbahnen
p and g: procter and gamble
pemex: petroleos mexicanos
petrobras: petroleo brasileiro
pwc: pricewaterhousecoopers
rbs: royal bank of scotland
sbb: schweizerische bundesbahnen
sncf: societe nationale des chemins de fer francais
usps: united states postal service
vw: volkswagen
zf: zahnradfabrik friedrichshafen
"""

LONG_NAMES = {
    short: words
    for line in _SHORT_AND_LONG.strip().splitlines()
    for short, _, words in (line.partition(": "),)
}
