"""What words of company names mean: which spellings are one word, and how much a word tells.

Everything is in folded form.  A word that is listed nowhere is rare: it names the company.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from portal.deals.rules.matching.spellings import SPELLINGS
from portal.deals.rules.matching.word_lists import word_set


class Kind(StrEnum):
    """What a word tells about whose name it stands in."""

    RARE = "rare"
    TRADE = "trade"
    DIVISION = "division"
    PLACE = "place"
    FILLER = "filler"
    NUMBER = "number"


CONNECTORS = word_set(
    """
    and the of for und et y e i o og och ja der die das den dem des de del della dello dei di
    du la le les el los las van von zu zum zur fur pour para il het the
    """
)

# What may open a name without being part of it.
ARTICLES = word_set("the der die das la le les el los las il het de")

# Words that say "a company" or "a group of them" and little else.
FILLERS = word_set(
    """
    group holding international global worldwide company enterprise corporate corporation com net
    org www inc participation associates partners sons brothers family
    united world universal first firm organization co national
    """,
)

# Words for what a company does; two different ones mean two companies.
TRADES = word_set(
    """
    advisory aerospace agency agriculture air airline airport alliance aluminium analytics animal
    apparel appliance architecture art audio auto automation automotive bakery bank beauty beer
    beverage biotech boat book brewery broadcasting builder building bus business cable cafe
    car care cargo casino cement ceramic chemical children church cinema city clean cleaning clinic
    clothing cloud club coal coffee college commerce commercial communication community component
    computer computing concrete construction consulting contracting control cooperative cosmetics
    council courier creative credit cruise dairy data defence delivery dental department design
    development device diagnostics direct distribution district drug dynamics education electric
    electrical electronics elevator employment energy engine engineering entertainment environment
    equipment estate event exchange exploration export express fabric factory farm fashion federal
    federation fiber film filter finance fish fitness fleet flooring food footwear forest foundry
    freight fruit fuel funeral furniture game garden gas generation glass gold golf government
    grain graphics green grocery guard hardware harbour health heating heavy home hospital
    hospitality hotel house household housing hydraulics hygiene imaging import independent
    industry information infrastructure innovation inn institute instrument insulation insurance
    integrated integration intelligence interactive interior internet investment iron jewelry
    kitchen laboratory land laser laundry law leather legal leisure library life light lighting
    limousine line liquor lodge logistics lumber machine machinery mail maintenance management
    manufacturing marine market marketing material mechanical media medical medicine metal metro
    micro mill mineral mining mobile modern mortgage motor mountain moving museum music mutual
    natural network new news nuclear nutrition office oil online optical organic outdoor packaging
    paint paper park parts payment people performance petroleum pet pharmaceutical pharmacy photo
    pipe pizza plant plastic plumbing poultry power precision press print printing private process
    product production professional project property protection public publishing pump quality
    quarry radio railway real recruitment recycling refinery refrigeration rental repair resort
    resource restaurant retail river road robotics roofing royal rubber safety sales salon sanitary
    school science sea seafood security seed semiconductor service shipping shipyard shoe shop
    smart snack social software solar solution special specialty spirits sport staffing station
    stationery steel stone storage store street studio sugar supermarket supply support surgical
    sustainable system tea team technical technology telecom television textile theater tile timber
    tire tobacco tool tour tourism toy trade trading training transport travel truck tube university
    utility valve vehicle ventilation veterinary video vision warehouse waste watch water wealth web
    welding wholesale wind window wine wire wireless wood wool work workshop yacht yard youth
    clinical digital dynamic bridge creek hill lake valley forestry crane drive sensor container
    court ministry municipality police fire state county post savings union works
    """,
)

# Words that set a part of a company apart from the whole.
DIVISIONS = word_set(
    """
    aerospace bank capital clinical credit defence digital division energy engine estate
    finance foundation fund healthcare health insurance laboratory
    leasing life mobility money mutual asset pension property real research retirement school
    securities studio subsidiary treasury university venture wealth web cloud hospital academy
    museum trust federation press union
    """,
)

# What nearly every company may say of itself.
VAGUE_TRADES = word_set(
    """
    technology solution service system software industry product industrial consulting engineering
    trading production manufacturing management network resource works work professional sales
    """,
)

PLACES = word_set(
    """
    north south east west northern southern eastern western central europe european asia asian
    africa african america american pacific atlantic mediterranean nordic baltic iberia latin emea
    apac dach benelux gulf middle overseas arab
    germany german austria austrian switzerland swiss france french italy italian spain spanish
    portugal portuguese netherlands dutch belgium belgian luxembourg uk british england english
    scotland scottish wales welsh ireland irish denmark danish sweden swedish norway norwegian
    finland finnish iceland estonia latvia lithuania poland polish czech slovakia hungary hungarian
    romania romanian bulgaria bulgarian greece greek hellenic turkey turkish ukraine ukrainian
    russia russian belarus kazakhstan serbia croatia croatian slovenia bosnia albania macedonia
    cyprus malta israel israeli egypt saudi arabia emirates qatar kuwait oman bahrain iran iraq
    india indian pakistan bangladesh china chinese japan japanese korea korean taiwan hongkong
    singapore malaysia thailand thai indonesia vietnam philippines australia australian zealand
    canada canadian mexico mexican brazil brazilian argentina chile peru colombia venezuela usa us
    kenya nigeria ghana ethiopia morocco tunisia algeria southafrica texas california florida ohio
    virginia carolina georgia michigan illinois pennsylvania massachusetts arizona colorado oregon
    washington minnesota wisconsin missouri tennessee alabama ontario quebec alberta bavaria
    saxony hesse
    berlin hamburg munich cologne frankfurt stuttgart dusseldorf dortmund essen leipzig bremen
    dresden hanover nuremberg duisburg bochum wuppertal bonn mannheim karlsruhe augsburg wiesbaden
    kiel lubeck freiburg mainz erfurt rostock kassel ulm regensburg vienna graz linz salzburg
    innsbruck zurich geneva basel bern lausanne lucerne winterthur lugano gallen paris lyon
    marseille toulouse nice nantes strasbourg bordeaux lille rennes rome milan naples turin palermo
    genoa bologna florence venice verona bari madrid barcelona valencia seville bilbao malaga
    zaragoza lisbon porto amsterdam rotterdam hague utrecht eindhoven brussels antwerp ghent liege
    london manchester birmingham leeds glasgow edinburgh liverpool bristol sheffield cardiff belfast
    dublin cork copenhagen aarhus odense stockholm gothenburg malmo uppsala oslo bergen trondheim
    helsinki tampere turku reykjavik tallinn riga vilnius warsaw krakow wroclaw gdansk poznan lodz
    katowice prague brno ostrava bratislava kosice budapest bucharest cluj sofia plovdiv varna
    athens thessaloniki patras istanbul ankara izmir bursa kyiv kharkiv odesa lviv moscow
    petersburg novosibirsk kazan minsk almaty belgrade zagreb ljubljana sarajevo tirana skopje
    nicosia valletta jerusalem haifa cairo alexandria riyadh jeddah dubai abu dhabi doha tehran
    baghdad mumbai delhi bangalore chennai kolkata hyderabad pune karachi lahore dhaka beijing
    shanghai guangzhou shenzhen tianjin wuhan chengdu nanjing hangzhou tokyo osaka kyoto nagoya
    yokohama kobe fukuoka sapporo seoul busan incheon taipei bangkok jakarta hanoi saigon manila
    kuala lumpur sydney melbourne brisbane perth adelaide auckland wellington toronto montreal
    vancouver calgary ottawa york angeles chicago houston phoenix philadelphia antonio diego dallas
    jose austin francisco seattle denver boston detroit atlanta miami portland vegas memphis
    baltimore milwaukee albuquerque tucson sacramento kansas cleveland orleans tampa honolulu
    cincinnati pittsburgh indianapolis louisville nashville charlotte orlando dayton toledo
    guadalajara monterrey puebla bogota medellin lima santiago buenos aires rosario cordoba
    paulo rio janeiro salvador brasilia recife curitiba caracas quito montevideo johannesburg
    durban pretoria nairobi lagos accra casablanca rabat tunis algiers
    """,
)

_KINDS: dict[str, Kind] = (
    dict.fromkeys(PLACES, Kind.PLACE)
    | dict.fromkeys(TRADES | {"centre", "association", "council"}, Kind.TRADE)
    | dict.fromkeys(DIVISIONS, Kind.DIVISION)
    | dict.fromkeys(FILLERS, Kind.FILLER)
    | dict.fromkeys(("1st", "2nd", "3rd", "4th"), Kind.TRADE)
)

COMMON = frozenset(_KINDS)


@cache
def spellings_of(word: str) -> tuple[str, ...]:
    """A canonical word and all that is written for it."""
    return (word, *(spelling for spelling, meant in SPELLINGS.items() if meant == word))


def canonical(word: str) -> str:
    """The one spelling under which `word`, its abbreviations and its translations are compared."""
    return SPELLINGS.get(word, word)


def kind_of(word: str) -> Kind:
    """What a canonical word tells; anything unknown is rare."""
    if word.isdigit():
        return Kind.NUMBER
    return _KINDS.get(word, Kind.RARE)
