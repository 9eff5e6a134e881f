"""Which words of company names are one word: abbreviations, translations, plurals, old names of
cities.  Everything is in folded form; each line reads "word: spelling spelling …".
"""

from __future__ import annotations

from portal.deals.rules.matching.word_lists import meanings

SPELLINGS = meanings(
    """
    group: grp gruppe groupe grupo gruppo grupa gruppa groep konzern koncern skupina csoport grup
    holding: holdings holdingi kholding hldg hldgs hlding beteiligungsgesellschaft
    international: intl internat int internatl inter internacional internazionale internationale
    international: internationaal mezhdunarodnyy mezhdunarodnaya internasjonal internationella
    international: uluslararasi miedzynarodowy internationaler internationales
    global: globale globalny
    worldwide: worldwd
    company: comp companies compagnie compania companhia compagnia gesellschaft kompaniya kompania
    enterprise: enterprises ent entpr entreprise entreprises empresa empresas impresa unternehmen
    participation: beteiligung beteiligungen participations participacoes partecipazioni
    associates: assoc associes asociados associati assocs associate
    partners: partner partenaires partneri socios ptnrs
    sons: son sohne sohn fils figli hijos filhos zonen soner sonner
    brothers: bros brother gebruder gebr freres fratelli hermanos irmaos broers
    national: natl nazionale nacional nationale natsionalnyy ethniki narodowy narodni
    united: utd unidos unies vereinigte uniti
    advisory: advisors advisers adviser advisor advice beratung
    royal: koninklijke kongelige kunglig
    elevator: aufzug aufzuge elevators
    agency: agence agentur agenzia agencia agentstvo agencies agents
    agriculture: agri agro agricultural agricole agricola landwirtschaft agrar farming agroprom
    airline: airlines airways aerolineas linhas aviakompaniya luftfahrt
    airport: airports flughafen aeroport aeropuerto aeroporto lufthavn
    aluminium: aluminum alu
    automation: automatisierung automatisation automazione automatizacion automat
    automotive: automobil automobile automobiles avto avtomobil automobili automoviles
    automotive: automobilowy
    automotive: auto autos autohaus
    bakery: backerei boulangerie panaderia panificio bakers bakeries piekarnia
    bank: banque banco banca banka banken banking bankas trapeza banks bk
    beverage: beverages bev getranke boissons bebidas bevande napoje
    biotech: biotechnology biotechnologies biotechnologie biotec biotechnologia biosciences
    brewery: brauerei brasserie cerveceria birrificio bryggeri brewing breweries browar pivovar
    broadcasting: bcast broadcast broadcasters rundfunk
    builder: builders bldr
    building: bldg buildings bldgs bau hochbau tiefbau gebaude
    business: businesses
    care: caring pflege
    cement: zement ciment cemento cimento tsement cementos
    ceramic: ceramics keramik ceramica ceramiche ceramique
    chemical: chemicals chem chemie chimie quimica chimica chemistry khimiya kemi chemia chemische
    chemical: chemicos quimicos chimiques chemisch
    clean: cleaner
    cleaning: reinigung cleaners
    clinic: klinik clinics klinika clinique clinica kliniken
    clothing: clothes bekleidung kleidung
    coffee: kaffee
    commerce: kommerz
    communication: communications comm comms kommunikation comunicaciones comunicacoes
    communication: comunicazioni
    computer: computers
    computing: computation
    construction: constr constructions constructora costruzioni construcciones construcoes stroy
    construction: stroitelstvo stroitelnaya budowa budownictwo insaat construct anlagenbau
    consulting: consult consultants consultancy consultores conseil consulenza consulenze konsult
    consulting: konsalting consultoria unternehmensberatung consultant consltg
    control: controls steuerung
    cooperative: coop genossenschaft cooperativa cooperatives
    cosmetics: kosmetik cosmetic cosmetica cosmetique cosmetiques cosmetici
    dairy: molkerei laiterie lacteos dairies
    defence: defense
    delivery: deliveries
    department: dept abteilung
    design: designs diseno designers
    development: dev devel entwicklung developpement desarrollo sviluppo developments developers
    diagnostics: diagnostic diagnostik diagnostica
    digital: digitale digitally numerique
    direct: direkt
    distribution: distrib distributors distributor vertrieb distribucion distribuzione dist
    distribution: distribuidora distributions distribuicao
    dynamics: dynamik
    education: edu bildung educacion educational obrazovanie
    electric: elec elektrik electrique electrica elettrica elektro elektryczne elektrische
    electric: electrical electricals elektrotechnik elettrico
    electronics: electronic elektronik electronique electronica elettronica elektronika elctr
    energy: energie energia energiya energies energetik energetika energi energo enerji
    engineering: eng engrg engr ingenieria ingenierie ingegneria engenharia ingenieurburo
    engineering: inzhiniring engineers ingenieure ingenieurgesellschaft muhendislik engg
    entertainment: entertainments unterhaltung
    environment: environmental umwelt environnement env ambiente
    equipment: equip equipments ausrustung
    exploration: explorations
    express: expr
    factory: fabrik fabrique fabrica fabbrica zavod fabryka factories
    farm: farms
    fashion: mode moda fashions
    finance: financiero fin financial finanz financiere financiera finanzas finanzen finans
    finance: finanzdienstleistungen finances
    food: foods lebensmittel alimentos alimentari aliments alimentation nahrungsmittel alimentaire
    food: alimentacion
    forest: forests
    freight: fracht frt forwarding spedition speditions
    furniture: mobel meubles muebles mobili meble mobilya
    game: games gaming
    garden: gardens garten
    gas: gaz gase
    glass: glas verre vidrio vetro steklo szklo
    graphics: graphic grafik grafica graphix
    hardware: hdw
    health: gesundheit sante salud salute zdravie sundhed
    healthcare: healthcr
    home: homes
    hospital: hosp krankenhaus hopital ospedale bolnitsa szpital hospitals
    hospitality: hospitalities
    hotel: hotels hoteles hotellerie hostel otel gostinitsa
    household: haushalt
    hydraulics: hydraulik hydraulic idraulica
    industry: ind inds industrial industries industrie industrien industria industrias indus
    industry: indust industriel industrielle promyshlennost prom przemysl sanayi
    information: info informations
    infrastructure: infra infrastruktur
    innovation: innov innovations innovative
    institute: inst institut instituto istituto institution instytut
    instrument: instruments instr instrumentation
    insurance: ins versicherung versicherungen assurance assurances seguros assicurazioni
    insurance: strakhovanie verzekeringen forsikring assekuranz sigorta insurances ubezpieczenia
    insurance: strakhovaya
    investment: invest investments investissement inversiones investimenti investitsii
    investment: investimentos investissements inv investicije
    laboratory: laboratoriya labs laboratories labor laboratoire laboratorio laboratoires lab
    leasing: lease
    life: leben vita
    lighting: light lights
    lighting: licht iluminacion eclairage illuminazione beleuchtung
    logistics: logistik logistic logistique logistica logistyka logistika lojistik logis
    machine: machines maschinen maschine maquinas macchine mashina
    machinery: maschinenbau mach maquinaria machineries mashinostroenie
    maintenance: maint instandhaltung
    management: mgmt mgt mngt managment verwaltung manag mgmnt
    manufacturing: mfg manuf manufacturers manufacturer manufacture mfr manufactory mfrs
    marine: maritime maritima
    market: markets markt mercado mercato
    marketing: mktg mkt
    material: materials werkstoffe materiaux materiales baustoffe
    mechanical: mechanics mechanik mech meccanica mecanica
    media: medien medias
    medical: med medizin medicale medico medica medizintechnik medizinische medicals
    medicine: medicines
    metal: metals metall metaux metalli metales metallurgiya metale
    mining: bergbau mineria miniere mines
    mobile: mobil
    motor: motors motoren moteurs motores motori
    network: networks netz netzwerk reseau networking
    nutrition: nutritionals ernahrung
    office: buro offices oficina ufficio
    oil: petrole ol neft olio petroleos
    optical: optik optics optique ottica optika
    packaging: verpackung verpackungen emballage embalajes imballaggi pkg
    paint: paints farben coatings
    paper: papier papel carta papers
    parts: ersatzteile
    people: personal
    oil: petroleum petroleo petrol petro petrochemical petrochemicals
    pharmaceutical: pharma pharmaceuticals pharmazeutika farma farmaceutica pharmaceutique pharm
    pharmaceutical: farmaceutici pharmazeutische farmaceutyczne
    pharmacy: apotheke pharmacie farmacia apteka pharmacies
    plastic: plastics kunststoff kunststoffe plastik plastiques plasticos kunststofftechnik
    plant: werk plants
    power: strom
    precision: prazision prec praezision
    press: presse prensa
    printing: print prints druck
    printing: druckerei imprimerie imprenta tipografia printers
    product: products produkte produits productos prodotti prods prod
    production: productions produktion
    professional: professionals prof
    property: properties props liegenschaften
    estate: immobilien immobilier inmobiliaria immobiliare nedvizhimost nieruchomosci
    publishing: publishers verlag editions editorial editore izdatelstvo publications publ
    pump: pumps pumpen
    railway: rail railways railroad rr
    recruitment: recruiting recruiters
    recycling: recyclers
    rental: rentals verleih vermietung
    research: forschung recherche investigacion
    resource: resources ressourcen
    restaurant: restaurants ristorante restaurante
    retail: einzelhandel retailers
    robotics: robotic robotik
    rubber: gummi
    safety: sicherheit
    sales: verkauf
    school: schule schools ecole escuela scuola
    science: sciences
    security: secur securite seguridad sicherheitsdienst sec
    semiconductor: semiconductors halbleiter semi
    service: services svc svcs serv servs servicios servizi servicos dienstleistungen dienste
    service: uslugi dienst hizmetleri serwis
    shipping: reederei ship ships schifffahrt naviera shipbuilding
    shop: shops
    software: softwares sw logiciels softwareentwicklung
    solution: solutions soln solns losungen soluciones soluzioni solucoes solu sol
    specialty: specialties specialities speciality
    sport: sports sporting
    steel: stahl acier acero acciaio stal celik staal
    storage: lager
    store: stores
    studio: studios
    supply: supplies sup suppliers
    support: supports
    system: sys systems systeme sistemas sistemi systemes sistemy syst systemtechnik systeem
    tea: tee
    technology: tech technologies tec technologie technologien tecnologia tecnologie tecnologias
    technology: tekhnologii technik technics technique teknologi tekhnologiya tecno techno techn
    technology: tecnologica technologia teknoloji technol
    telecom: telecommunications telecommunication telekom telecoms telco telekommunikation
    telecom: telecomunicaciones telecomunicazioni tlc telecomunicacoes
    television: tv fernsehen
    textile: textiles textil textilien tessile tekstil
    timber: holz bois madera legno drevo
    tire: tires tyre tyres reifen
    tool: tools werkzeug werkzeuge werkzeugbau
    tour: tours
    tourism: tourismus tourisme turismo turizm
    toy: toys spielwaren jouets
    trading: trade handel handels comercio commercio torgovlya torgovyy ticaret
    trading: handelsgesellschaft comercial trdg comercializadora
    training: schulung
    transport: transportation transports transporte transporti trans trasporti transportes transp
    transport: transporter trnsp haulage
    travel: reisen reiseburo voyages viajes viaggi
    truck: trucks trucking
    university: univ universitat universite universidad universita universidade universiteit
    university: universitet uniwersytet universitesi yliopisto egyetem univerzita universities
    utility: utilities stadtwerke
    vehicle: vehicles fahrzeuge fahrzeugbau vehicules
    ventilation: luftung
    venture: ventures
    warehouse: warehouses warehousing whse
    waste: entsorgung abfall
    water: wasser eau agua acqua
    wholesale: grosshandel
    wind: windkraft
    window: windows fenster
    wine: wines wein vin vino weingut winery vins
    work: werke werken
    works: wks
    academy: akademie academie academia
    capital: kapital cap
    foundation: stiftung fondation fundacion fundacao fondazione fdn
    fund: funds fonds fondo
    securities: wertpapiere
    trust: trusts
    ministry: ministerium ministere ministerio ministero
    city: stadt ville ciudad citta gorod
    municipality: gemeinde commune comune kommune
    county: landkreis
    college: colleges
    club: klub verein
    post: poste posta
    savings: sparkasse
    north: nord norte norden
    south: sud sur
    east: ost est oriental
    west: ouest
    northern: nordliche
    central: centrale zentral centrum tsentralnyy centro
    europe: europa european euro europaische europeenne europea
    asia: asien asie
    africa: afrika afrique
    america: amerika amerique americas
    american: americano americana
    pacific: pazifik pacifico pacifique
    germany: deutschland allemagne alemania germania tyskland niemcy germaniya duitsland
    german: dt dtsch deutsche deutscher deutsches
    austria: osterreich oesterreich autriche
    austrian: osterreichische
    switzerland: schweiz suisse svizzera suiza schweitz
    swiss: schweizer schweizerische
    france: frankreich francia frankrijk frantsiya
    french: francaise francais
    italy: italia italien italie
    italian: italiana italiano
    spain: espana spanien espagne spagna
    spanish: espanola espanol
    portugal: portugalia
    portuguese: portuguesa
    netherlands: nederland niederlande holland hollande holanda
    dutch: nederlandse
    belgium: belgie belgique belgien
    uk: britain gb kingdom grossbritannien
    ireland: eire irland irlande
    denmark: danmark danemark dinamarca
    danish: danske dansk
    sweden: sverige schweden suede suecia
    swedish: svenska svensk
    norway: norge norwegen norvege
    norwegian: norsk norske
    finland: suomi finnland finlande
    finnish: suomen
    poland: polska polen pologne
    polish: polski polskie polskich
    czech: ceska cesky czechia tschechien cz
    slovakia: slovensko slowakei
    hungary: magyarorszag ungarn hongrie
    hungarian: magyar
    romania: rumanien roumanie
    romanian: romana
    bulgaria: balgariya bulgarien
    greece: griechenland ellas ellada hellas
    greek: elliniki
    turkey: turkiye turkei turquie
    turkish: turk
    ukraine: ukraina ukrayina
    russia: rossiya russland russie rus
    russian: rossiyskaya russkiy rossiyskiy
    croatia: hrvatska kroatien
    croatian: hrvatski hrvatske
    serbia: srbija serbien
    slovenia: slovenija slowenien
    egypt: misr
    arabia: arabian
    emirates: uae
    india: bharat indien inde
    china: prc chine zhongguo
    japan: nippon nihon japon
    korea: coree hanguk
    brazil: brasil bresil brasilien
    brazilian: brasileira brasileiro
    mexico: mexique mexiko
    mexican: mexicana mexicano
    canada: kanada
    usa: us states
    munich: munchen muenchen
    cologne: koln koeln
    nuremberg: nurnberg nuernberg
    hanover: hannover
    dusseldorf: duesseldorf
    vienna: wien vienne
    zurich: zuerich zurigo
    geneva: geneve genf ginevra
    basel: bale basle
    bern: berne berna
    lucerne: luzern
    rome: roma rom
    milan: milano mailand
    naples: napoli neapel
    turin: torino
    genoa: genova
    florence: firenze florenz
    venice: venezia venedig
    seville: sevilla
    lisbon: lisboa lissabon
    brussels: bruxelles brussel bruessel
    antwerp: antwerpen anvers
    ghent: gent gand
    hague: haag
    copenhagen: kobenhavn kopenhagen
    gothenburg: goteborg
    warsaw: warszawa warschau
    krakow: cracow krakau
    prague: praha prag
    bucharest: bucuresti bukarest
    athens: athina athinai athen
    thessaloniki: saloniki
    kyiv: kiev kiew kyyiv
    kharkiv: kharkov
    lviv: lvov lemberg
    odesa: odessa
    moscow: moskva moskau moskovskaya
    belgrade: beograd
    bangalore: bengaluru
    mumbai: bombay
    chennai: madras
    kolkata: calcutta
    beijing: peking
    guangzhou: canton
    cairo: kairo
    york: newyork ny nyc
    1: one
    2: two ii
    3: three iii
    4: four iv
    5: five
    6: six vi
    7: seven vii
    8: eight viii
    9: nine ix
    10: ten
    11: eleven xi
    12: twelve xii
    1st: first
    2nd: second
    3rd: third
    4th: fourth
    saint: st sankt
    fort: ft
    mount: mt
    doctor: dr
    junior: jr
    centre: center ctr zentrum centres centers
    """
)
