"""Health."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .attribute import Attribute


class Kesehatan(Attribute):
    """Illness, diagnosis, nutrition, pregnancy, treatment (UU 27/2022 article 4 (2) a)."""

    kind = "kesehatan"
    label = N_("Health")
    rank = 190
    since = "2026.6"
    sensitive = True
    sentences = {
        "header": N_("A person's health, by the heading."),
        "values": N_("A person's health: most values are illnesses or codes of them."),
    }
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        """diagnosa diagnosis diagnose penyakit icd icd10 hiv aids tbc tb bta gejala
        anamnesa anamnesis stunting gizi imunisasi vaksin vaksinasi obat resep terapi
        alergi komorbid kehamilan hamil kb kontrasepsi tensi hemoglobin kolesterol
        rontgen kesehatan suspek swab pcr antigen odgj kejiwaan hipertensi diabetes
        kanker wasting anemia zscore dx goldar sakit menderita gangguan td gds gdp hba1c hb lila
        imt bmi spo2 nadi sistole sistolik diastole diastolik tcm cd4 ureum kreatinin egfr trombosit
        leukosit visus""".split()
    ) | frozenset(
        {
            "golongan darah", "gol darah", "gula darah", "tekanan darah", "berat badan",
            "tinggi badan", "lingkar kepala", "keluhan utama", "keluhan pasien", "riwayat medis",
            "catatan medis", "tindakan medis", "hasil lab", "hasil laboratorium", "bb u", "tb u",
            "bb", "faktor risiko", "faktor resiko", "komplikasi", "kondisi medis", "urine", "urin",
            "tes darah", "tes narkoba", "tes kehamilan", "rapid test", "tes cepat", "asam urat",
            "denyut nadi", "lingkar perut", "lingkar lengan", "buta warna", "viral load",
            "kondisi jiwa", "tindakan operasi",
        }
    )  # fmt: skip
    against = frozenset(
        """dinas puskesmas fasilitas tenaga petugas kartu kelas stok harga satuan
        kabupaten jaminan badan unit poli pegawai asuransi bpjs layanan hukum""".split()
    )
    allowed = frozenset({"kode", "no", "nomor"})
    values = (
        r"(?i)(?:^|[^a-z])(?:diabetes|hipertensi|hypertension|tuberkulosis|tb paru|tbc|hiv|aids|"
        r"demam berdarah|dbd|"
        r"ispa|stroke|gastritis|asma|hepatitis|kanker|carcinoma|tumor|skizofrenia|anemia|diare|"
        r"gagal ginjal|"
        r"jantung|pneumonia|covid|malaria|typhoid|tifoid|kusta|epilepsi|katarak|gizi (?:buruk|"
        r"kurang|baik|lebih)|"
        r"stunting|wasting|obesitas|dermatitis|bronkitis|campak|dispepsia|vertigo|migrain|depresi|sirosis|"
        r"infeksi|(?:pre)?eklamp?sia|fraktur|apendisitis|sinusitis|rematik|osteo[a-z]+|[a-z]{4,}itis|"
        r"hernia|halusinasi|gaduh gelisah|waham|delusi|demensia|bipolar|psikosis|psikotik|"
        # What is done to a patient
        r"[a-z]{3,}(?:[ek]tomi|otomi|ostomi|oskopi|plasti|sentesis)|phaco[a-z]*|(?:hemo)?dialisis|"
        r"kemoterapi|radioterapi|kuretase|sectio|transfusi|sirkumsisi)(?:[^a-z]|$)"
        r"|^[A-TV-Z][0-9][0-9AB]\.[0-9]{1,2}$"
    )
