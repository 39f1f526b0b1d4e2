"""The registry: one line for each kind, in the order in which findings are listed."""

from __future__ import annotations

from typing import Any

from .alamat import Alamat
from .base import Place, Recognizer, Tally
from .bpjs import BPJS
from .email import Email
from .ip_address import IPAddress
from .kartu_pembayaran import KartuPembayaran
from .koordinat_rumah import KoordinatRumah
from .nama_orang import NamaOrang
from .nik import NIK
from .nip import NIP
from .nisn import NISN
from .no_kk import NoKK
from .npwp import NPWP
from .paspor import Paspor
from .plat_nomor import PlatNomor
from .rekening import Rekening
from .sim import SIM
from .specific.agama import Agama
from .specific.anak import Anak
from .specific.bantuan_sosial import BantuanSosial
from .specific.biometrik import Biometrik
from .specific.catatan_kejahatan import CatatanKejahatan
from .specific.disabilitas import Disabilitas
from .specific.kesehatan import Kesehatan
from .specific.keuangan_pribadi import KeuanganPribadi
from .specific.suku import Suku
from .tanggal_lahir import TanggalLahir
from .telepon import Telepon

RECOGNIZERS: dict[str, Recognizer[Any]] = {
    recognizer.kind: recognizer
    for recognizer in (
        NIK(), NoKK(), NPWP(), NIP(), NISN(), BPJS(), Paspor(), SIM(), PlatNomor(), Telepon(),
        Email(), Rekening(), KartuPembayaran(), NamaOrang(), Alamat(), TanggalLahir(),
        KoordinatRumah(), IPAddress(), Kesehatan(), Disabilitas(), Biometrik(), Anak(),
        CatatanKejahatan(), KeuanganPribadi(), BantuanSosial(), Agama(), Suku(),
    )
}  # fmt: skip

__all__ = ["RECOGNIZERS", "Place", "Recognizer", "Tally"]
