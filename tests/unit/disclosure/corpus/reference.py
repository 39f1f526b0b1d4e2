"""Words of ordinary tables of the city: places, goods, offices; nothing of a person."""

DISTRICTS = (
    "Pontianak Selatan", "Pontianak Timur", "Pontianak Barat", "Pontianak Utara",
    "Pontianak Kota", "Pontianak Tenggara",
)  # fmt: skip
VILLAGES = (
    "Benua Melayu Darat", "Benua Melayu Laut", "Parit Tokaya", "Akcaya", "Kota Baru", "Saigon",
    "Parit Mayor", "Banjar Serasan", "Dalam Bugis", "Tanjung Hulu", "Tanjung Hilir",
    "Tambelan Sampit", "Pal Lima", "Sungai Jawi Dalam", "Sungai Jawi Luar", "Sungai Beliung",
    "Siantan Hulu", "Siantan Tengah", "Siantan Hilir", "Batu Layang", "Darat Sekip", "Mariana",
    "Tengah", "Sungai Jawi", "Sungai Bangkong", "Bangka Belitung Darat", "Bansir Darat",
)  # fmt: skip
STREETS = (
    "Jl. Ahmad Yani", "Jl. Gajah Mada", "Jl. Tanjungpura", "Jalan Sultan Abdurrahman",
    "Jl. Khatulistiwa", "Jl. Veteran", "Jl. Imam Bonjol", "Jl. Sutoyo", "Jl. Prof. M. Yamin",
    "Jl. Letjen Suprapto", "Gg. Kamboja", "Jl. Hasanuddin", "Jl. H. Rais A. Rachman",
    "Jl. Kom Yos Sudarso",
)  # fmt: skip
OFFICES = (
    "Dinas Kesehatan", "Dinas Pendidikan dan Kebudayaan", "Dinas Sosial", "Bappeda",
    "Dinas Komunikasi dan Informatika", "Badan Keuangan Daerah", "Satuan Polisi Pamong Praja",
    "Dinas Perhubungan", "Dinas Kependudukan dan Pencatatan Sipil", "Inspektorat",
    "Badan Kesatuan Bangsa dan Politik", "Sekretariat DPRD", "Dinas Lingkungan Hidup",
)  # fmt: skip
SCHOOLS = (
    "SD Negeri {} Pontianak Selatan", "SMP Negeri {} Pontianak", "SMA Negeri {} Pontianak",
    "SMK Negeri {} Pontianak", "SD Muhammadiyah {}", "SD Bruder Dahlia {}", "MTs Negeri {}",
    "TK Aisyiyah Bustanul Athfal {}", "SMA Santo Petrus {}", "SD IT Al Mumtaz {}",
    "SMP Islam Haruniyah {}", "Madrasah Ibtidaiyah Darul Ulum {}",
)  # fmt: skip
CLINICS = (
    "Puskesmas Alianyang", "Puskesmas Kampung Bali", "Puskesmas Gang Sehat",
    "Puskesmas Siantan Hilir", "Klinik Pratama Medika", "RSUD Sultan Syarif Mohamad Alkadrie",
    "Puskesmas Purnama", "Puskesmas Saigon", "Apotek Sehat Sejahtera", "RS Santo Antonius",
    "Puskesmas Karya Mulya", "Klinik Utama Kartika", "RS Yarsi", "Puskesmas Perumnas II",
)  # fmt: skip
GOODS = (
    "Beras Premium", "Gula Pasir", "Minyak Goreng", "Daging Sapi", "Daging Ayam Ras",
    "Telur Ayam", "Cabai Merah", "Bawang Merah", "Bawang Putih", "Ikan Tongkol", "Tepung Terigu",
    "Kedelai", "Jagung", "Jeruk Siam", "Lidah Buaya", "Susu Bubuk",
)  # fmt: skip
RELIGIONS = ("Islam", "Kristen", "Katolik", "Hindu", "Buddha", "Konghucu", "Lainnya")
ILLNESSES = (
    "ISPA", "Hipertensi", "Diabetes Melitus", "Diare", "TB Paru", "Demam Berdarah Dengue",
    "Gastritis", "HIV/AIDS", "Campak", "Dermatitis", "Stroke", "Pneumonia",
)  # fmt: skip
CRIMES = ("Pencurian", "Penganiayaan", "Narkotika", "Penipuan", "KDRT", "Penggelapan", "Curanmor")
TRIBES = ("Melayu", "Tionghoa", "Jawa", "Madura", "Dayak", "Bugis", "Batak", "Sunda", "Minang")
AIDS = ("PKH", "BPNT", "BLT", "KIP", "Bansos Tunai", "PBI JKN")
DISABILITIES = ("Tuna Netra", "Tuna Rungu", "Tuna Daksa", "Tuna Grahita", "Mental", "Ganda")
JOBS = ("PNS", "TNI/Polri", "Wiraswasta", "Buruh", "Petani", "Nelayan", "Pelajar", "Belum Bekerja")
AGES = ("0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "60+")
MOSQUES = (
    "Masjid Raya Mujahidin", "Masjid Jami Sultan Abdurrahman", "Gereja Katedral Santo Yosef",
    "Vihara Bodhisatva Karaniya Metta", "Masjid Al Ikhlas", "Pura Giripati Mulawarman",
    "Surau Nurul Huda", "Gereja Kristus Raja", "Klenteng Kwan Tie Bio", "Masjid Baiturrahman",
)  # fmt: skip
SHOPS = (
    "CV Maju Bersama", "PT Karya Khatulistiwa", "UD Sumber Rejeki", "Toko Sinar Jaya",
    "Warung Kopi Asiang", "RM Pondok Kakap", "Hotel Mahkota", "Hotel Kini", "PT Borneo Mandiri",
    "Koperasi Sejahtera", "Kelompok Tani Makmur", "Bakso Sapi Ateng", "Toko Oleh Oleh PSP",
)  # fmt: skip
ROADS = ("Jalan Ahmad Yani", "Jalan Gajah Mada", "Jalan Sungai Raya Dalam", "Jalan Danau Sentarum")
