"""Facts about web domains: where anyone can have an address, and which country codes name none."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FREE_MAIL = _words(
    """
    126.com 139.com 163.com 163.net 188.com 21cn.com abv.bg aim.com alice.it aliyun.com aol.com
    aol.de arcor.de atlas.cz att.net azet.sk bell.net bellsouth.net bigpond.com bigpond.net.au
    bk.ru bluemail.ch bluewin.ch bol.com.br btinternet.com centrum.cz centrum.sk charter.net
    chello.at club-internet.fr comcast.net cox.net daum.net duck.com earthlink.net eircom.net
    email.com email.cz email.it eml.cc fastmail.com fastmail.fm foxmail.com free.fr freemail.hu
    freenet.de freeserve.co.uk frontier.com globo.com gmail.com gmx.at gmx.ch gmx.com gmx.de
    gmx.net googlemail.com hanmail.net hey.com hispavista.com hotmail.be hotmail.co.jp
    hotmail.co.uk hotmail.com hotmail.com.br hotmail.de hotmail.es hotmail.fr hotmail.it
    hotmail.nl hushmail.com icloud.com ig.com.br iinet.net.au inbox.lv inbox.ru interia.pl
    inwind.it iol.ie iol.it jubii.dk juno.com kabelmail.de kolumbus.fi laposte.net libero.it
    list.ru live.ca live.co.uk live.com live.com.au live.de live.dk live.fr live.it live.nl
    live.se luukku.com mac.com magenta.at mail.bg mail.com mail.de mail.dk mail.ru mail.ua
    mailbox.org mailfence.com me.com mindspring.com msn.com mweb.co.za nate.com naver.com
    netscape.net netzero.net neuf.fr ntlworld.com numericable.fr o2.pl onet.pl op.pl
    optonline.net optusnet.com.au orange.fr outlook.com outlook.com.br outlook.de outlook.es
    outlook.fr outlook.it planet.nl pm.me posta.hu posteo.de proton.me protonmail.ch
    protonmail.com qq.com quicknet.nl rambler.ru rediffmail.com roadrunner.com rocketmail.com
    rogers.com runbox.com sapo.pt sbcglobal.net scarlet.be seznam.cz sfr.fr shaw.ca sify.com
    sina.cn sina.com sky.com skynet.be sohu.com startmail.com sunrise.ch swissonline.ch
    sympatico.ca t-online.de talk21.com talktalk.net telefonica.net telenet.be telia.com
    telus.net terra.com.br terra.es tin.it tiscali.co.uk tiscali.it tlen.pl tuta.com tuta.io
    tutanota.com tutanota.de ukr.net uol.com.br upcmail.nl verizon.net vip.163.com virgilio.it
    virginmedia.com voila.fr volny.cz walla.co.il wanadoo.es wanadoo.fr web.de windowslive.com
    windstream.net wp.pl xs4all.nl xtra.co.nz ya.ru yahoo.ca yahoo.co.id yahoo.co.in yahoo.co.jp
    yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.hk
    yahoo.com.mx yahoo.com.sg yahoo.com.tw yahoo.de yahoo.es yahoo.fr yahoo.gr yahoo.in yahoo.it
    yandex.by yandex.com yandex.kz yandex.ru yandex.ua yeah.net ymail.com ziggo.nl zoho.com
    zohomail.com zoznam.sk
    """
)

# Sites where many companies have a page below one registrable domain.
SHARED_HOSTS = _words(
    """
    about.me bit.ly facebook.com fb.com goo.gl instagram.com jimdo.com linkedin.com linktr.ee
    medium.com notion.site pinterest.com t.me tiktok.com twitter.com vk.com wa.me weebly.com
    wordpress.com xing.com yelp.com youtube.com
    """
)

# Country codes sold to everyone; they say nothing about where a company is.
GENERIC_COUNTRY_CODES = _words(
    """
    ac ag ai am bz cc cd co eu fm gg gl io la li ly me ms mu nu pw sc sh so st tk to tv vc ws
    """
)

IDN_COUNTRY_CODES = {
    "xn--p1ai": "RU",
    "xn--j1amh": "UA",
    "xn--90ais": "BY",
    "xn--90ae": "BG",
    "xn--80ao21a": "KZ",
    "xn--d1alf": "MK",
    "xn--90a3ac": "RS",
    "xn--qxam": "GR",
    "xn--node": "GE",
    "xn--y9a3aq": "AM",
    "xn--fiqs8s": "CN",
    "xn--fiqz9s": "CN",
    "xn--kprw13d": "TW",
    "xn--kpry57d": "TW",
    "xn--j6w193g": "HK",
    "xn--yfro4i67o": "SG",
    "xn--3e0b707e": "KR",
    "xn--o3cw4h": "TH",
    "xn--h2brj9c": "IN",
    "xn--mgbaam7a8h": "AE",
    "xn--mgberp4a5d4ar": "SA",
    "xn--wgbh1c": "EG",
    "xn--wgbl6a": "QA",
    "xn--4dbrk0ce": "IL",
}
