"""Words that tell people from places, offices and goods. General knowledge, no register.

Tokens are matched as whole words without regard to case. The list of names is of the commonest
given and family names of Indonesia and of West Kalimantan (Malay, Javanese, Madurese, Bugis,
Dayak, Tionghoa, Batak); endings cover what grows from them (``-wati``, ``-yanto``, ``-uddin``).
"""

from __future__ import annotations

import re

_NAMES = """
abdul abdullah abdurrahman abu achmad ade adi adhi aditya adit afif agnes agung agus agustina ahmad
ainun aisyah ajeng akbar akhmad albert aldi alex alexander alfian ali alif alya amalia amanda amelia
amin amir amri ana anang andi andika andre andreas andri andriani angga anggi anggraini ani anik
anisa
annisa anita anton antonius anwar ari arief arif arifin aris arman arya asep asih astri astuti
atika aulia
ayu azis aziz azizah bachtiar bagas bagus bahar bambang bayu beatrix benny bintang bima bobby budi
budiman
budiyanto burhan cahya cahyo cahyono candra catur cecep chandra charles christian cici cindy citra
clara
dadang daniel danang dani danu darma darmawan david deddy dedi dede deni denny desi desy devi dewi
dhani
dian diah diana dimas dina dinda dini djoko dodi dodo dominikus donny dwi dyah edi edy edwin
effendi efendi
eka eko ela elfi elisa elisabeth elly elsa emi endah endang endri eni eny erik erlina erna erni
ernawati eva
evi fadil fadilah fahmi fahri fahrul faisal fajar farah farhan farida fatimah fatma fauzan fauzi
fauziah febri
febriana feri ferry fikri fina firdaus firman firmansyah fitri fitria fitriani fitriyah fransiska
fransiskus
galih galuh gatot gilang gina gita gunadi gunawan guntur habib habibi hadi hafiz hakim halim
halimah hamid
hamzah hana handayani handoko hani hanif hardi hari hariadi harianto hariyanto haris harjo hartati
hartono
haryadi haryanto hasan hasanah hasbi hasnah hasim hendra hendri hendro henny heri herlina herman
hermawan
hermansyah hernawati heru heryanto hesti hidayah hidayat hidayati hilda husein husna husni ibnu
ibrahim ida
idris ika ikhsan ilham ilyas imam iman imelda ina indah indra indri indriani ines intan ira irawan
irawati
irfan irma irsyad irwan isa iskandar ismail istiqomah iswandi iwan jaenudin jaka jamal jamilah
janah jaya
jefri jessica jihan joko jono johan johannes joni juliana julianti jumiati juniarti juwita kadir
kamal karim
karina kartika kartini khadijah khairul khalid khoirul kiki komariah kristina kristianto kurnia
kurniasih
kurniawan kurniawati kusuma kusumawati laila lala laras lestari lia lidia lilik lilis lina linda
lisa lukman
lusi lutfi lusiana maharani mahendra mahmud maimunah maya mansur marcel maria mariam mariana mario
marlina
marni maryam maryati mas'ud masitah maulana maulida mega megawati meilani melati meri mery meyliana
mira
mirna mochammad moh mohamad mohammad muchlis muhamad muhammad muh mulyadi mulyani mulyono munawar
murni
musa mustafa mustika mutia mutiara nabila nadia nadya nanang nanda nani nasir nasrul nasution
natalia natasya
naufal nia niken nina ningrum ningsih nita noor nova novi novia novita novitasari nugraha nugroho
nuh nur
nuraini nurdin nurhalimah nurhasanah nurhayati nurjanah nurlaila nurlela nurul oktavia oktaviani
panji
paulus permana permata pertiwi petrus prabowo pradana pramono prasetya prasetyo pratama pratiwi
priyanto
puji purnama purnomo purwanti purwanto puspa puspita puspitasari putra putri putu rachman rachmat
rachmawati
raden radit raditya rafi rafli rahayu rahma rahmad rahman rahmat rahmawati rahmi raihan raka rama
ramadhan
ramadhani ramli randi rangga rani ranti ratih ratna ratu rendi reni renny reny reza rezeki rian
riana riani
ribka ricky rida ridho ridwan rifki rika rina rini rio riska riski risma ristanti rita riyanto
rizal rizka
rizki rizky robby robert robi rohmah roni rosa rosalina rosita roslina rosmawati rosyid roy rudi
rudy rukmini
rully rusdi ruslan rusli rustam ruth sabrina safira safitri saiful salim salma salsabila samsudin
samsul
samuel sandi sandra santi santika santoso saputra saputri sari satria satrio sekar septian septiani
setiadi
setiawan setiawati setyawan shinta sigit silvia simon sinta siregar siska siti slamet sofia sofyan
solihin
sonia sri stefanus stevanus subagyo sugeng sugiarto sugiono suharti suharto suhartono suherman
sujono
sukarno sukma sulaiman sulastri sulistyo sulistyowati sumarni sumiati sunarti sunarto supardi
supriadi
supriyadi supriyanto supriyono surya suryadi suryani suryanto suryono susan susanti susanto susi
susilawati
susilo sutanto sutrisno suwarni suwarno syahputra syahrul syaiful syamsudin syamsul syarif syarifah
syarifudin
taufan taufik taufiq tantri tari teguh theresia thomas tika tina tini titin toni tono totok tri
triyono
tuti udin ujang ulfa umar umi untung usman utama utami valentina vera veronika vina vincent vivi
wahid wahyu
wahyudi wahyuni wardani wardi wardah wati wawan wibisono wibowo widi widiastuti widodo widya
widyastuti
wijaya wijayanti wildan wili william winarti winda wira wiranto wisnu wiwik wiwin wulan wulandari
yadi yahya
yana yani yanti yanto yanuar yasin yati yayan yeni yenny yessi yoga yogi yohana yohanes yolanda
yono yosef
yosua yudha yudi yudhi yuli yulia yuliana yuliani yulianti yulianto yuni yuniarti yunita yunus
yusuf yusniar
zahra zaenal zainab zainal zainuddin zakaria zaki zubaidah zulfa zulfikar zulkarnain zulkifli
hutagalung hutapea hutasoit lubis manullang marpaung nababan nainggolan napitupulu panjaitan
pangaribuan
pardede pasaribu purba rajagukguk sagala samosir saragih siahaan sianturi sihombing sihotang silaban
silalahi simanjuntak simatupang simbolon sinaga sirait sitanggang sitompul sitorus situmorang
tampubolon
tobing ginting sembiring tarigan harahap hasibuan daulay pohan ritonga malau damanik manurung gultom
tan lim liu bong tjhin chai kwee lay tjhia thjin ng phang jap djap kho ong oei wong chong hendrik
kelvin
kevin jason steven stephanie jennifer felix felicia michael michelle jonathan vincent veronica
monica
daeng andi baso besse puang syarif wan tengku raja utin uray gusti ade pangeran pg mat
aloysius yulius fransisca lusia lucia maria agata agustinus markus lukas matius yakobus stefania
krisantus sukiman sutarman sulaeman suparman suratman wagiman tukiman legiman ngadiman paiman saiman
kasiman sadiman ngatiman sarman suyatman ngatiyem poniyem legiyem tukiyem wagiyem sugiyem ngatinem
tukinem sarinem wakinem paikem sarinah tumini tukini suparmi sukarmi lasmi sumini sutini wagini
suminah kasinah rukinah samirah suparti sukarti tarsih karsih sumarsih sukarsih jumilah kamilah
ngadimin sarimin paimin tukimin legimin kasmin sutrimo sudarmo sudarno sumarno sutarno karsono
sukarso sudarso warsito sarwono suwito suwardi sunardi jumadi sumadi kasdi rasidi junaidi sahidi
marsudi wahid paijo paidi parto kromo tugiman ponirin ponidi ponimin misnawi misnatun marhasan
satriyah marhamah maisaroh siti aminah sitti hotijah hosniyah mattasan mahfud holil mukarram sahrul
sahrun asnawi rohani saparudin rabiah jamilah sainah halijah halipah buniah dayang awang abang
encek ya' utin rohaya salbiah salmiah zaleha zubir zainudin kasman kasim hamdan tarmizi syahdan
syafii syafruddin marjuki marzuki mardiana mardiah marhaban juraidah juriah juniah kalsum latifah
ngabang linggi lanjan anjan lunsa jelani sanen ukat apui ajung unyang layau kinsui bantan
cornelis kornelis martinus yulianus fabianus silvester silvanus heronimus hermanus kanisius
florensius emerensiana theodora anastasia margareta kristina bernadus benediktus paskalis
wiryanto djuweng susanna yuliana lusiana hiong khiong khiun fui moi nyuk kiun kwet sin siu hua
tjong tjang tjung tshin phin thian then djong djung chia tshai kong foeng fung tet ket jun khim kim
ling feng bui fan fong hian hin tjui sim goh yap yong lo hie
boru br sirait simarmata sinurat tumanggor siburian sidabutar tambunan hutabarat made nyoman ketut
wayan gede ngurah komang asmara hosen moh misnan durahman matsani sattar
""".split()

_ENDINGS = (
    "wati|ningsih|ningrum|yanto|ianto|anto|uddin|oddin|udin|yani|yanti|iyanti|iati|astuti|asari|"
    "tasari|syah|diono|jono|yono|diyono|wijaya|rrahman|ullah|illah|iyah|wandi|yadi|iadi|nanda"
)
NAME_TOKEN = (
    r"(?i)(?:^|[ .,'\-])(?:"
    + "|".join(sorted(set(_NAMES)))
    + r"|[a-z]{2,}(?:"
    + _ENDINGS
    + r"))(?:$|[ .,'\-])"
)
"""A cell in which at least one word is a name (Rust and Python)."""

_TOKENS = frozenset(_NAMES)
_GROWN = re.compile(rf"[a-z]{{2,}}(?:{_ENDINGS})")
_BETWEEN = re.compile(r"([ .,'\-])")


def holds_name(text: str) -> bool:
    """Say of one cell what ``NAME_TOKEN`` says, without compiling that long expression."""
    parts = _BETWEEN.split(text.lower())
    said, between = parts[::2], parts[1::2]
    if any(w in _TOKENS or _GROWN.fullmatch(w) for w in said):
        return True
    # An apostrophe stands between words and within names (mas'ud, ya').
    joined = zip(said, between, said[1:], strict=False)
    return any(f"{a}'{b}" in _TOKENS for a, mark, b in joined if mark == "'")


TITLES = (
    r"(?:dr|drg|drs|dra|ir|h|hj|hi|kh|prof|apt|ny|tn|sdr|sdri|bpk|ibu|bapak|r|rm|ra|rr|tgk|dt|cut|puti|"
    r"sutan|st|a\.?n|alm|almh|ust|ustadz|pdt|pastor|sr|br)"
)
TITLE_BEFORE = (
    r"(?i:^(?:(?:h|hj|kh|drs|dra|ir|dr|drg|prof|ny|tn|sdr|sdri|an|by|pdt|ust)\. ?)+)[A-Za-z]{2,}"
    r"(?: |,|$)"
)
DEGREE_AFTER = (
    r", ?(?:[SM]\.? ?(?:Pd|Kom|Kes|Si|Sos|Ag|IP|AP|Hut|Farm|Psi|Hum|Kep|Keb|Gz|TP|KM|"
    r"ST|E|H|T|M|P|Ap|Tr|Ak|Stat)\b|A\.? ?Md|Amd|Sp\.? ?[A-Z]|Apt\b|Ners\b|Ns\b|Ph\.? ?D|M\.?B\.?A)"
)
TITLED = rf"{TITLE_BEFORE}|[A-Za-z]{{2,}}{DEGREE_AFTER}"
"""A title before or an academic degree after: places have neither (with ``ENTITY`` absent)."""
_WORD = r"[A-Za-z][A-Za-z'`\-]{0,24}\.?"
NAME_SHAPE = (
    rf"(?i)^{_WORD}(?:[ .]{{1,2}}{_WORD}){{0,6}}"
    r"(?:,? ?(?:bin|binti|als|alias) [a-z' ]{2,40})?(?:, ?[a-z][a-z.\- ]{0,11}){0,4}$"
)
"""One to seven words of letters, titles before and degrees after a comma."""

ENTITY = (
    r"(?i)^(?:al|ar|as|at|ash|adz)[ \-]|(?:^|[ (./\-])(?:bait[a-z]+|darus[a-z]+|darul [a-z]+|"
    r"nurul (?:huda|iman|"
    r"falah|islam|ihsan|hidayah|yaqin|amal|jannah)|dinas|badan|kantor|kelurahan|kecamatan|desa|kel|kec|kota|kab|kabupaten|"
    r"provinsi|sekolah|sdn?|sd|smpn?|sman?|smkn?|mts|mtsn|tk|paud|slb|pkbm|negeri|"
    r"lkp|lpk|lksa|blk|skb|tpq|rtq|bumdesa?|kube|kud|kwt|spbu|dprd|baznas|pramuka|karang taruna|"
    r"universitas|politeknik|akademi|sekretariat|inspektorat|bappeda|satpol|satuan|puskesmas|pustu|"
    r"posyandu|poskesdes|klinik|apotek|rsud|rsia|rs|rumah|sakit|laboratorium|masjid|mushola|musholla|"
    r"surau|langgar|gereja|vihara|klenteng|kelenteng|pura|kapel|pasar|toko|warung|kios|rm|restoran|cafe|kafe|"
    r"hotel|losmen|penginapan|pt|cv|ud|tbk|firma|koperasi|bank|bpr|yayasan|lembaga|perkumpulan|"
    r"kelompok|gapoktan|poktan|perusahaan|perumda|pdam|pln|jalan|jl|jln|gang|gg|komplek|komp|simpang|"
    r"jembatan|parit|sungai|danau|taman|lapangan|gedung|terminal|pelabuhan|stadion|museum|tugu|"
    r"pondok|pesantren|ponpes|madrasah|balai|bidang|bagian|seksi|subbag|uptd?|unit|kecil|besar|"
    r"utara|selatan|timur|barat|tengah|tenggara|hulu|hilir|darat|laut|luar|dalam|belanja|pajak|"
    r"retribusi|program|kegiatan|pembangunan|rehabilitasi|pengadaan|penyediaan|pemeliharaan|dan|"
    r"untuk|per|jumlah|rata|angka|tingkat|indeks|luas|data|rw|rt|lingkungan|blok|perumahan|pemerintah|"
    r"beras|minyak|daging|ikan|telur|cabai|bawang|gula|tepung|kopi|bakso|premium|medium|curah|"
    r"polsek|polres|kodim|koramil|bumn|bumd|kpu|bawaslu|pengadilan|kejaksaan|tps|sentra|agen|"
    r"islam|kristen|katolik|hindu|buddha|budha|konghucu|khonghucu|melayu|dayak|tionghoa|"
    r"madura|bugis|aktif|selesai|proses|baik|rusak|sedang|ringan|berat|laki|perempuan|pria|wanita|"
    r"guru|staf|kepala|analis|pelajar|mahasiswa|karyawan|buruh|petani|nelayan|pedagang|wiraswasta|"
    r"kawin|cerai|belum|tidak|ada|akta|poli|umum|gigi|tuna|penyakit|diabetes|gizi|"
    r"pencurian|penganiayaan|penipuan)(?:$|[ ).,/\-])"
)
"""A cell in which a word says that it is a place, an office, goods or a state, not a person."""
