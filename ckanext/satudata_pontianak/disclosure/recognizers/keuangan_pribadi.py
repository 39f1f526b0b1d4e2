"""A person's money."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import PersonalClass

from .attribute import Attribute


class KeuanganPribadi(Attribute):
    """Income, savings, debts, property (UU 27/2022 article 4 (2) f)."""

    kind = "keuangan_pribadi"
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        {"gaji", "penghasilan", "pendapatan", "upah", "honor", "honorarium", "tabungan",
         "simpanan", "saldo", "hutang", "utang", "pinjaman", "cicilan", "angsuran", "kredit",
         "tunggakan", "salary", "income", "tunjangan", "kekayaan", "harta", "deposito",
         "pengeluaran", "thr", "tpp", "omzet", "omset", "take home pay"}
    )  # fmt: skip
    against = frozenset(
        """kartu daerah asli sumber golongan kelompok anggaran belanja kas pad satuan
        sks angka bank surat sk""".split()
    )
    allowed = frozenset({"jumlah", "jml", "total"})
    shape = r"(?i)[0-9]{4}|[0-9][.,][0-9]{3}|juta|ribu|[<>≤≥]"
