"""What a kind of personal data is called, wherever people read of it. Pure."""

from __future__ import annotations

from ...msgids import N_
from .messages import Message

KINDS = {
    "nik": N_("Identity number (NIK)"),
    "no_kk": N_("Family card number (KK)"),
    "npwp": N_("Taxpayer number (NPWP)"),
    "nip": N_("Civil servant number (NIP)"),
    "nisn": N_("Student number (NISN)"),
    "bpjs": N_("Health insurance number (BPJS)"),
    "paspor": N_("Passport number"),
    "sim": N_("Driving licence number (SIM)"),
    "plat_nomor": N_("Vehicle plate"),
    "telepon": N_("Mobile number"),
    "email": N_("E-mail address"),
    "rekening": N_("Bank account number"),
    "kartu_pembayaran": N_("Payment card number"),
    "nama_orang": N_("Name of a person"),
    "alamat": N_("Home address"),
    "tanggal_lahir": N_("Date of birth"),
    "koordinat_rumah": N_("Position of a home"),
    "ip_address": N_("IP address"),
    "kesehatan": N_("Health"),
    "disabilitas": N_("Disability"),
    "biometrik": N_("Biometric data"),
    "anak": N_("Data of a child"),
    "catatan_kejahatan": N_("Criminal record"),
    "keuangan_pribadi": N_("Personal finances"),
    "bantuan_sosial": N_("Social assistance"),
    "agama": N_("Religion"),
    "suku": N_("Ethnic group"),
}


def called(kind: str) -> Message | str:
    """Return the name of a kind as a message; a kind without one is told by its code."""
    return Message(KINDS[kind]) if kind in KINDS else kind
