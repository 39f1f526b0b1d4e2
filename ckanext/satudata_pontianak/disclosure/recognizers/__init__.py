"""The registry: one line for each kind, in the order in which findings are listed."""

from __future__ import annotations

from typing import Any

from .agama import Agama
from .alamat import Alamat
from .anak import Anak
from .bantuan_sosial import BantuanSosial
from .base import Place, Recognizer, Tally
from .biometrik import Biometrik
from .bpjs import BPJS
from .catatan_kejahatan import CatatanKejahatan
from .disabilitas import Disabilitas
from .email import Email
from .ip_address import IPAddress
from .kartu_pembayaran import KartuPembayaran
from .kesehatan import Kesehatan
from .keuangan_pribadi import KeuanganPribadi
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
from .suku import Suku
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
