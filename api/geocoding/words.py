"""The words around a place name: what they say about its level, its distance, or that there is no place at all.

In the languages the sources are written in; compared after folding (`domain.folding.fold`).
"""

from api.domain.folding import fold

# The kind of area that a word before or after a name asks for. Words of one kind are translations of each other, and
# equal a first-level area's own type where a country uses it: "district" is admin-1 in Moldova, admin-2 in India.
KINDS: dict[str, tuple[str, ...]] = {
    "city": (
        "city", "town", "village", "hamlet", "city of", "town of", "village of", "capital city", "capital city of",
        "municipality of the city of", "ciudad", "ciudad de", "ciudad de la", "pueblo de", "pueblo", "localidad de",
        "cidade", "cidade de", "vila de", "ville de", "ville", "village de", "kota", "kotamadya", "kodya", "bandar",
        "bandaraya", "kampung", "kampong", "desa", "kelurahan", "stadt", "gorod", "город", "село", "г", "thanh pho",
        "thi xa", "metro", "metropolis", "metropolitana", "metropolitan", "metropolitano", "d c", "dc", "d f",
        "distrito capital", "capital district", "kota administrasi", "municipiul", "oras", "township", "settlement",
        "special city", "metropolitan city", "state city",
    ),
    "state": (
        "state", "state of", "regional state", "estado", "estado de", "estado do", "estado da", "etat de", "negeri",
        "штат",
    ),
    "province": (
        "province", "province of", "prov", "provincia", "provincia de", "provincia del", "provincia de la",
        "provincia da", "provincia do", "province de", "province du", "province of the", "provinsi", "propinsi",
        "wilayah", "wilaya", "wilaya de", "вилайет", "провинция", "tinh", "changwat", "sheng",
    ),
    "region": (
        "region", "region of", "region de", "region del", "region de la", "region du", "regiao", "regiao de", "mkoa wa",
        "oblast", "oblast of", "область", "край", "krai", "kray", "territory", "federal territory", "gobierno regional",
        "wilayah persekutuan", "federal territory of", "administrative region", "metropolitan region",
        "autonomous region", "union territory", "autonomous community", "autonomous okrug", "autonomous district",
        "administrative territory", "регион", "mkhare",
    ),
    "department": (
        "department", "department of", "departamento", "departamento de", "departamento del", "departamento da",
        "depto", "depto de", "dpto", "dpto de", "departement", "departement de", "departement du",
    ),
    "governorate": ("governorate", "governorate of", "gobernacion de", "gouvernorat de", "muhafazah", "muhafazat"),
    "prefecture": ("prefecture", "prefecture of", "prefecture de", "ken", "префектура"),
    "republic": ("republic", "republic of", "respublika", "республика", "autonomous republic"),
    "emirate": ("emirate", "emirate of"),
    "land": ("land", "bundesland", "land of"),
    "popularate": ("popularate", "shabiyah"),
    "parish": ("parish", "parish of", "parroquia", "parroquia de"),
    "division": ("division", "division of"),
    "voivodship": ("voivodship", "voivodeship", "wojewodztwo"),
    "canton": ("canton", "canton of", "canton de"),
    "district": (
        "district", "district of", "dist", "distrito", "distrito de", "distrito del", "district de", "daerah", "zila",
        "zilla", "amphoe", "huyen", "quan", "khet", "rayon", "raion", "район", "tehsil", "taluk", "taluka", "mandal",
        "ward", "kecamatan", "kec", "thana", "upazila", "srok", "khan", "barrio", "colonia", "comuna de", "comuna",
        "commune", "commune de", "commune of", "barangay", "bezirk", "kreis", "landkreis", "powiat", "okres", "okrug",
        "shahrestan e", "ilcesi", "ilce", "gemeente", "obshtina", "grad", "opcina", "bashkia", "daira", "subdivision",
    ),
    "regency": ("regency", "regency of", "kabupaten", "kab", "kabupaten administrasi"),
    "county": ("county", "county of", "shire", "judet", "judetul", "megye", "condado de", "maakunta", "xian", "gun"),
    "lga": ("lga", "l g a", "local government area", "local government", "local government area of", "local council"),
    "municipality": (
        "municipality", "municipality of", "municipio", "municipio de", "municipio del", "municipalidad de",
        "municipalite de", "kommun", "kommune", "partido de", "partido", "subprefecture", "shi",
    ),
}  # fmt: skip

# What a country uses for its first level when the word is one of these, whatever the table calls that level.
FIRST_LEVEL = frozenset(
    {
        "state",
        "region",
        "department",
        "governorate",
        "prefecture",
        "voivodship",
        "canton",
        "republic",
        "emirate",
        "land",
        "popularate",
    }
)

# Smaller than what the gazetteer has polygons for: a place of that name stands for such an area.
SMALL_AREAS = frozenset({"district", "municipality"})

# GeoNames' codes for the seats of a country, a first-level and a second-level area.
SEATS = frozenset({"PPLC", "PPLA", "PPLA2"})

# Between these and the place lies an unknown distance.
HEDGES = (
    "near", "near to", "nearby", "close to", "next to", "outside", "outside of", "just outside", "outskirts of",
    "on the outskirts of", "in the outskirts of", "at the outskirts of", "vicinity of", "in the vicinity of", "around",
    "surroundings of", "suburbs of", "in the suburbs of", "suburb of", "a suburb of", "area of", "greater", "towards",
    "north of", "south of", "east of", "west of", "northeast of", "northwest of", "southeast of", "southwest of",
    "north east of", "north west of", "south east of", "south west of", "border with", "off the coast of",
    "cerca de", "cercano a", "en las afueras de", "afueras de", "las afueras de", "alrededores de", "proximo a",
    "al norte de", "al sur de", "al este de", "al oeste de", "perto de", "arredores de", "nos arredores de", "pres de",
    "aux environs de", "environs de", "dekat", "sekitar", "pinggiran", "di pinggiran", "di sekitar", "gan", "okolo",
)  # fmt: skip
TRAILING_HEDGES = {
    "area", "metropolitan area", "metro area", "urban area", "suburbs", "suburb", "outskirts", "surroundings", "valley",
    "and surroundings", "and surrounding areas", "environs", "axis", "corridor", "hinterland", "border",
}  # fmt: skip

# A part made of nothing but these names no place.
NOWHERE = frozenset(
    fold(
        """
    a an the and or of in on at to from by for via with as see source sources text article not no
    some several various many multiple different other others another any all across within inside throughout
    unknown unspecified undisclosed undetermined withheld anonymous confidential unnamed unidentified unconfirmed
    confirmed confirm be tbd tba tbc na n nil null none nan nd sd ns given stated available reported disclosed specified
    somewhere anywhere nowhere elsewhere everywhere nationwide countrywide worldwide global globally international
    internationally overseas abroad foreign local locally remote rural urban suburban
    place places location locations site sites spot area areas zone zones region regions state states province provinces
    district districts county counties city cities town towns village villages community communities country countries
    neighbourhood neighborhood settlement settlements municipality suburb suburbs outskirts border borders capital
    camp island islands coast forest river road street highway mountains desert sea ocean waters water high seas
    online internet web website websites cyberspace virtual social media network networks app apps platform platforms
    instagram facebook telegram tiktok whatsapp twitter youtube wechat snapchat vk viber messenger qq weibo line
    adoption forum group groups page pages chat phone telephone email
    hospital hospitals clinic clinics maternity home homes house houses orphanage orphanages shelter shelters private
    public police station airport airports port hotel hotels market markets school schools church mosque office
    apartment building factory baby prison court bus terminal checkpoint residence flat
    north south east west northern southern eastern western central centre center middle upper lower northeast northwest
    southeast southwest northeastern northwestern southeastern southwestern
    asia africa europe america americas oceania eurasia caribbean latin sub saharan sahel balkans scandinavia world
    earth subsaharan mediterranean gulf continent planet
    desconocido desconocida desconocidos sin especificar especificado especificada determinar precisar datos dato lugar
    lugares localidad varios varias diversos diversas distintos redes sociales red internet en el la los las un una
    linea extranjero frontera norte sur este oeste centro pais provincia provincias estado estados
    desconhecido desconhecida nao informado sem local diversos varios mundo interior exterior
    inconnu inconnue inconnus non precise precisee plusieurs divers lieu lieux reseaux sociaux ligne etranger frontiere
    tidak diketahui jelas disebutkan berbagai beberapa daerah tempat lokasi dunia maya media sosial daring luar negeri
    seluruh rumah sakit klinik bersalin kota desa
    part parts ward wards channel channels agency agencies clearing house bus train station
    место в на не указано указан интернете ऑनलाइन इंटरनेट अज्ञात 온라인 인터넷 미상 オンライン インターネット ออนไลน์
    อินเทอร์เน็ต ไม่ทราบ الإنترنت إنترنت
    неизвестно неизвестный неизвестное неизвестная интернет онлайн 未知 不详 不明 网络 网上 غير معروف مجهول
        """
    ).split()
)

NOWHERE_PHRASES = frozenset(
    {"same as above", "as above", "same place", "same location", "the same", "see below", "see above", "s d", "s n"}
)

# A part made of these alone may be a name after all, where the country has a place called so: South Africa; West,
# Cameroon; Kota, India; Nan, Thailand; Red Sea, Sudan.
IN_NAMES = frozenset(
    fold("""north south east west northern southern eastern western central centre center middle upper lower northeast
    northwest southeast southwest norte sur este oeste centro coast mountains gulf region regions province provinces
    state district of and africa capital area county municipality river islands forest ocean sea red line sahel kota nan
    international city""").split()
)

# Written short, meant long. A full stop after the short form is already gone.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "st": ("saint", "sankt"), "ste": ("sainte",), "sta": ("santa",), "sto": ("santo",), "s": ("san", "sao", "santa"),
    "pto": ("puerto",), "pta": ("punta",), "pt": ("port",), "ft": ("fort",), "mt": ("mount",), "gral": ("general",),
    "cd": ("ciudad",), "vla": ("villa",), "cnel": ("coronel",), "pte": ("presidente",), "nva": ("nueva",),
    "kep": ("kepulauan",), "k": ("kuala",), "sg": ("sungai",), "kg": ("kampung",), "bt": ("bukit",), "tg": ("tanjung",),
}  # fmt: skip

# Short names of countries that name lists leave out.
COUNTRY_SHORT_NAMES: dict[str, tuple[str, ...]] = {
    "US": ("US", "USA", "U.S.", "U.S.A.", "EE.UU.", "EEUU", "EUA", "United States of America"),
    "GB": ("UK", "U.K.", "Great Britain", "Britain"), "AE": ("UAE", "U.A.E."),
    "CD": ("DRC", "RDC", "DR Congo", "D.R. Congo", "Congo-Kinshasa", "Zaire", "Democratic Republic of Congo"),
    "CF": ("CAR", "RCA"), "PG": ("PNG",), "KP": ("DPRK",), "CN": ("PRC", "P.R. China", "Mainland China"),
    "SA": ("KSA",), "ZA": ("RSA",), "DO": ("Rep. Dominicana",), "CI": ("Ivory Coast",), "VN": ("Viet Nam",),
    "MM": ("Burma", "Birmania", "Birmanie"), "CZ": ("Czech Republic",),
    "GM": ("The Gambia",), "BS": ("The Bahamas",), "NL": ("The Netherlands", "Holland"), "PH": ("The Philippines",),
    "RU": ("Russia", "USSR", "Soviet Union", "URSS"), "KR": ("Republic of Korea",),
    "SZ": ("Swaziland",), "TL": ("East Timor",), "LA": ("Lao PDR",), "BO": ("Plurinational State of Bolivia",),
    "NG": ("Federal Republic of Nigeria",),
}  # fmt: skip

# Left alone between commas, these say of the name after them that its capital is meant: "D.F., Mexico".
OF_A_CAPITAL = frozenset({"d f", "df", "d c", "dc"})

# ISO 3166-2 codes that ISO has replaced: reports and older records still carry them.
FORMER_SUBDIVISIONS = {"IN-TG": "IN-TS", "IN-CT": "IN-CG", "IN-OR": "IN-OD", "IN-UT": "IN-UK"}
