"""The site's address: its certificate, its cookies, and what else answers there."""

from __future__ import annotations

from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from .... import config
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red, yellow
from ...operator import exposure_checks, upkeep_checks
from .. import saying

NO_TLS = N_("The address of the site is not https: passwords and cookies can be read.")
UNREAD = N_("The certificate of the site cannot be read from this machine.")
ENDS = N_("The certificate of the site ends on %(day)s.")
REACHED = N_("%(count)s services answer others without a password.")
UNREACHED = N_("Neither Redis nor Solr answers others without a password.")


def certificate_valid(look: Look) -> Evidence:
    """Does the certificate of the site's address last for some days?"""
    parts = urlsplit(config.site_url())
    if parts.scheme != "https":
        return red(NO_TLS)
    try:
        ends = upkeep_checks.certificate_ends(parts.hostname or "", parts.port or 443)
    except (OSError, ValueError):
        return red(UNREAD)
    left = (ends - look.at).days
    say = red if left < look["days"] else yellow if left < 2 * look["days"] else green
    return say(ENDS, day=saying.city_day(ends))


def cookies_safe(look: Look) -> Evidence:
    """Are cookies sent over https alone, to this site alone, and kept from scripts?"""
    return saying.of_findings(exposure_checks.check_cookies(tk.config))


def services_unreachable(look: Look) -> Evidence:
    """Do Redis and Solr answer nobody else without a password?"""
    reached = exposure_checks.own_addresses()
    found = [
        *exposure_checks.check_redis(str(tk.config.get("ckan.redis.url") or ""), reached),
        *exposure_checks.check_solr(str(tk.config.get("solr_url") or ""), reached),
    ]
    return red(REACHED, count=len(found)) if found else green(UNREACHED)


PROBES = {
    "certificate_valid": certificate_valid,
    "cookies_safe": cookies_safe,
    "services_unreachable": services_unreachable,
}
