"""Words that are written with a capital though they are nobody's name, folded.

Headlines capitalise every word and sentences their first, so a capital alone says little after "judge" or
"called". Given names that are also words (Grace, Joy, Hope, Blessing) are left out on purpose.
"""

_ENGLISH = """
a about accused acquitted across action admits admitted adoption adoptions affairs after again against agency agent
agents agree agrees alias alleged allegedly alleges among an and another anti any appeal appeals appear appears
application are army arraigned arraigns arrest arrested arrests article as asked asks assistant at authorities
authority await awaiting awaits babies baby bail ban bank banned banning bans bar been before behind being between big
birth births board boy boys broke broken broker brokers bureau bust busted busts but buy buyer buyers buys by cabinet
call called calls capital care case cases catholic caught caused center centers central centre centres chair chairman
charge charged charges charity chief child children christian church city civil claims clerk clinic clinics college
command commander commission commissioner committee community company confessed confesses confirmed confirms congress
constable convicted cop cops council county couple court courts crackdown crime crimes criminal custody daily daughter
day days dead death decree defence defends defense delays denied denies department deputy described detained detains
detective did director directorate discharged dismissed dismisses district division doctor doctors does dozen dozens
drug due during east eastern eight eighteen electoral eleven emergency engineer ex executive executives exposed
express face faced faces facing factories factory fake fallen family father federal fifteen finance finds fined fines
fire first five fled flees for force forced former found foundation founder four fourteen freed freeing frees freezes
from general girl girls given gives government governor granted grants group guard guards had handed hands has have he
head headed heads health hear heard hears held help her hid high him his holds home homes hospital hospitals house how
human husband illegal immigration in infant infants inquiry inspector institute insurance inter interior international
internet investigated investigates investigating investigation is issued issues it jail jailed jails judge judges
judicial judiciary justice kept key kidnapped kidnapping kids killed kills labour ladies lady last law lawyer lawyers
leader led left licence local magistrate magistrates major male man management maternity medical meets member men
midwife midwives military minister ministry minor minors miss missing mission missionaries missionary mobile monday
more mother mothers mr mrs municipal nabbed nabs named national near network new newborn newborns news nine nineteen
no north northeast northern northwest not now number nurse nurses nursing of off offered office officer officers
offices official officials old on one only operation operator opposition or order ordered orders organisation
organised organization orphanage orphanages other others ousted out outside over owner owners paediatrician parent
parents park parliament party pastor pastors pay peace people per persons place planned plans pleads plot police poor
posed poses posted preparatory present president press primary prime prison private probe probes programme project
property prosecution prosecutor prosecutors protection province provincial provisional public quashes queen questioned
quits raid raided raids railway rape ready refused refuses regent region regional registrar registry reject rejects
release released releases remanded remands removed removes report reported reports republic rescue rescued rescues
residents restaurant return returned rights ring rings road robbed ruled rules runs said sale sales says scandal
school seaport second secretary section security seek seeks seized seizes sell sellers selling sells senate senator
senior sentence sentenced sentences series service services set seven seventeen sex shelter shot shut shuts sisters
six sixteen social sold son south southeast southern southwest speaker speaks special staff state states station
steals stole stolen stop stopped stops story street strikes sub suburb sues superintendent supreme surgeon suspect
suspected suspects suspended suspends syndicate table taken takes targets task teacher teachers team teen teenager
teenagers teens tells ten that the their them there these they third thirteen this three to told took trade
traditional traffickers trafficking trial tribunal tried tries trust twelve twenty twins two under union unit united
university until up urges victim victims village volunteer wanted wants war ward warned warns was weapons welfare well
were west western what when where which while who why wife will with without woman women workers world year years
yesterday you young youth
"""

_SPANISH = """
a al algunos ante antes anticorrupcion asi aunque barrio bebe bebes cae caen caso casos centro ciudad clinica clinicas
colegio comisaria como con condenado condenan congreso contra corte cuatro de decretan defensoria del denuncia desde
despues detenida detenidas detenido detenidos detiene detienen dicta dictan dicto dijo direccion distrito division
donde dos durante ejercito el ella ellas ellos en encargado entre es esta estado este estos familia fiscal fiscales
fiscalia fue fueron gobierno hasta hay hogar hospital hoy imputan investiga investigacion investigan juez jueza
juzgado la las libera liberan libero lo los madre madres mas medico medicos menor menores migraciones ministerio
ministra ministro mixta mujer mujeres municipal municipalidad nacional niega nina ninas nino ninos no nueva nueve
nuevo ocho operativo ordena ordenan ordeno otra otro padre padres para penal permanente poder policia policial
policias por porque preso presos presunta presunto prision procuraduria provincial proyecto publica publico que queda
recien red redes region regional registro rescata rescatan sala salud se seccion secretaria segun segundo seis senala
senor senora ser siete sin sobre social solicita son su superior supremo tambien titular trafico tras trata tres
tribunal un una unidad uno vecinos venden vendia vendian venta y ya
"""

_INDONESIAN = """
ada adalah adopsi akan aksi aku anak anggota antara asal asing asrama asuh atas atau baca badan bahwa bakal balita
bandara bantu barat baru bawah bayi beberapa begini beli beraksi berencana berhasil berinisial bernama bisa bongkar
buat bukan bulan daerah dalam dan dapat dari dengan desa di dia diadili diamankan dibekuk dibeli dibongkar dibuang
diduga dihukum dijadikan dijerat dijual dikenal dilaporkan diminta dinas dipanggil diperiksa direktorat ditahan
ditangkap ditemukan ditetapkan ditreskrimum divonis dua dunia empat enam gadis gagal gelar hakim hamil hanya hari
harus hingga hotel hukum hukuman hutan ikut ini itu jabar jadi jadikan jakarta jaksa jalan janin jaringan jateng jatim
jelang jual jumat juta jutaan kabupaten kali kamar kampung kandung kandungan kantor kapal kapolda kapolres karena
kasus ke kecamatan kejaksaan kelahiran kelas keluarga kelurahan kementerian kepada kepala kepolisian kini kita klinik
komisaris komplotan koordinator korban kota lagi lahir lain laki lalu lansia lapor laporkan laut lewat lima mabes
mahasiswi mahkamah mandiri mantan masih masuk masyarakat mau media melahirkan melalui melawan membeli memberi menangis
mengaku mengandung mengapa menjadi menjual menteri menyusui mereka minta modus muda negara negeri oknum oleh online
orang orangtua otak pada panti para pasal pasutri pelaku pembeli pemerintah pemkot pemuda penadah pengadilan
pengadopsi penjara penjual penjualan penyidik perantara perawat perdagangan perempuan pertama pertiwi polda polisi
polres polresta polrestabes polri polsek polwan praktek praktik provinsi pulang puskesmas rabu rumah rupiah saat saja
sakit sang sarana satu sebelum sebut sejak sejumlah sekolah selama selasa selatan senin seorang serahkan setelah siap
siapa sindikat soal sosial suami sudah swasta tahun tak tampang tangga tangkap tega telah tempat tengah tentang
tentara terancam terbongkar tergiur terkait terlibat tersangka tertangkap tetangga tetapi tidak tiga timur tipu tujuh
tuntut uang ungkap untuk usai utara viral wanita warga yang yayasan
"""

_DATES = """
abril agosto agustus apr april aug august christmas dec december desember diciembre domingo easter enero feb febrero
februari february fri friday jan januari january jueves jul juli julio july jumat jun june juni junio kamis lebaran
lunes mar march maret martes marzo may mayo mei miercoles minggu mon monday nov november noviembre oct october octubre
oktober rabu ramadan sabado sabtu sat saturday selasa senin sep sept september septiembre setiembre sun sunday thu
thursday tue tuesday viernes wed wednesday
"""

_PEOPLES = """
african africans american americans arab armenian asian australian bangladeshi beninese bolivian brazilian british
burmese cambodian cameroonian canadian chilean chinese christian colombian congolese cuban dutch ecuadorian efik
egyptian english ethiopian european filipina filipino french georgian german ghanaian greek guatemalan guatemalans
haitian hausa honduran hondurans hungarian ibibio igbo ijaw indian indians indonesian indonesians iranian irish
israeli italian ivorian japanese kazakh kenyan korean kyrgyz laotian lebanese liberian malaysian mexican muslim
myanmar nepali nicaraguan nigerian nigerians nigerien pakistani panamanian paraguayan peruvian peruvians polish
portuguese romanian russian salvadoran saudi senegalese singaporean spanish sudanese swiss taiwanese thai tki togolese
turkish ugandan ukrainian uzbek venezuelan venezuelans vietnamese wna wni yoruba
"""

_BRANDS = """
covid facebook fb google imo instagram internet interpol line messenger michat reuters telegram tiktok twitter unicef
wa wechat whatsapp world x yahoo youtube zone
"""

DATE_WORDS = frozenset(_DATES.split())
COMMON_WORDS = frozenset(f"{_ENGLISH} {_SPANISH} {_INDONESIAN} {_DATES} {_PEOPLES} {_BRANDS}".split())

# Short forms that look like initials.
_SHORT_FORMS = """
ac ad afp am ap bbc bc bno btc cctv cid csi dc dna dr dss dvd eu fbi fct fir gbp gmt hcmc hiv icu id idr ii iii imf
iom ips it iv ivf ix jpn kl la lga mou mp myr n nbc ndlea ngn ngo ngos nhs nscdc nsw nt ntt ny nz oea ong onu pbb pc
pen php pkk pm pnp po pp ppa pr ptsd rm rp rs rsud rt rw sa sac sar sd sim sma smp sms tppo tv uae ugc uk uki un us
usa usd uu uud va vi vii viii vip voa who wib wit wita wna wni xi
"""
ACRONYMS = frozenset(_SHORT_FORMS.split())
