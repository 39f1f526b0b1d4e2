"""A person's money."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from ..base import Place
from .attribute import Attribute


class KeuanganPribadi(Attribute):
    """Income, savings, debts, property (UU 27/2022 article 4 (2) f)."""

    kind = "keuangan_pribadi"
    label = N_("Personal finances")
    rank = 240
    since = "2026.6"
    sensitive = True
    sentences = {
        "header": N_("A person's income, savings or debts, by the heading."),
    }
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        {"gaji", "penghasilan", "pendapatan", "upah", "honor", "honorarium", "tabungan",
         "simpanan", "saldo", "hutang", "utang", "pinjaman", "cicilan", "angsuran", "kredit",
         "tunggakan", "salary", "income", "tunjangan", "kekayaan", "harta", "deposito",
         "pengeluaran", "thr", "tpp", "omzet", "omset", "take home pay", "jaspel",
         "remunerasi", "tukin", "lembur", "bonus", "jasa pelayanan", "jasa medis"}
    )  # fmt: skip
    against = frozenset(
        """kartu daerah asli sumber golongan kelompok anggaran belanja kas pad satuan
        sks angka bank surat sk""".split()
    )
    allowed = frozenset({"jumlah", "jml", "total"})
    shape = r"(?i)[0-9]{4}|[0-9][.,][0-9]{3}|juta|ribu|[<>≤≥]"

    def wants(self, place: Place) -> bool:
        """``rek gaji``: where money goes to is an account; what is on one is money."""
        account = place.mentions(_ACCOUNT) and not place.mentions(_ON_IT)
        return super().wants(place) and not account


_ACCOUNT = frozenset({"rek", "norek", "rekening", "atm"})
_ON_IT = frozenset({"saldo", "simpanan", "deposito", "mutasi", "isi"})
