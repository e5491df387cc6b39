"""Chapter 3, who looks names up: claims c3.27 to c3.29, and c3.33 on what ldd shows."""

from __future__ import annotations

import re
import shutil

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import search
from golifelab.claims.ledger import Verdict
from golifelab.claims.ways import build, image, path
from golifelab.claims.workbench import Lab
from golifelab.link.modes import Way
from golifelab.run.resolver import Resolution, resolve

_CONFIGURATION = "/etc/resolv.conf"
_IN_C = Way(cgo=True)


def _looked_up(lab: Lab, way: Way, netdns: str) -> Resolution:
    """Let the sample look localhost up; write down what package net said and what was read."""
    lab.bench.need_processes()
    found = resolve(path(lab, "netapp", way), netdns, build=way.name)
    setting = f"netdns={netdns}+2" if netdns else "netdns=2"
    seen = [f"go package net: {line}" for line in found.words]
    tried = [one for one in found.opened if one.path.startswith("/etc/") or one.call == "connect"]
    seen += [f"{one.call} {one.path} {one.error}".rstrip() for one in tried]
    seen += [f"(nothing may watch it here: {found.untraced})"] if found.untraced else []
    watched = "strace -f -e trace=openat,connect " if found.opened else ""
    lab.note(f"GODEBUG={setting} {watched}./netapp   # {way.command}", "\n".join(seen))
    return found


def decide_without_access(facts: Facts) -> Ruling:
    """c3.27: whether Go's own resolver does without /etc/resolv.conf."""
    how = "it opens" if facts["watched"] else "its source names"
    return settle(
        _CONFIGURATION not in facts["files"],
        f"{how} {', '.join(facts['files']) or 'nothing'}",
        f"built without C, {how} {', '.join(facts['files'])} itself",
    )


@experiment("c3.27", decide_without_access)
def measure_without_access(lab: Lab) -> Facts:
    """Watch which files the program without C opens to look localhost up."""
    build(lab, "netapp", Way())
    found = _looked_up(lab, Way(), "")
    # Tried counts: a machine may well have none of these files.
    tried = [one.path for one in found.opened if one.call == "open"]
    files = [one for one in dict.fromkeys(tried) if re.match(r"/etc/(?!ld\.so)", one)]
    if not found.opened:
        hits = search(lab, r'"/etc/(resolv|nsswitch)\.conf"', "net")
        files = sorted({name for hit in hits for name in re.findall(r'"(/etc/[^"]+)"', hit.text)})
    return {"files": files, "watched": bool(found.opened), "answer": found.answer}


def decide_getaddrinfo(facts: Facts) -> Ruling:
    """c3.28: whether a program with C in it always asks the C library."""
    orders = facts["order by setting"]
    return settle(
        set(orders.values()) == {"cgo"},
        "whatever is set, the C library is asked",
        f"package net chooses: here “{orders['']}” by itself, “{orders['cgo']}” only with"
        f" GODEBUG=netdns=cgo. A program without C says to that: “{facts['without C']}”",
    )


@experiment("c3.28", decide_getaddrinfo)
def measure_getaddrinfo(lab: Lab) -> Facts:
    """Let package net say what it chose: by itself, and told to; with C in the program, without."""
    build(lab, "netapp", _IN_C)
    orders, read = {}, {}
    for netdns in ("", "go", "cgo"):
        found = _looked_up(lab, _IN_C, netdns)
        orders[netdns] = found.order
        read[netdns] = [*found.files, *found.called]
    return {
        "order by setting": orders,
        "read by setting": read,
        "without C": _looked_up(lab, Way(), "cgo").ignored,
    }


def decide_dnssec(facts: Facts) -> Ruling:
    """c3.29: whether something that package net calls in C has to do with DNSSEC."""
    about = facts["about DNSSEC among them"]
    if about:
        return Ruling(Verdict.CONFIRMED, f"package net calls {', '.join(about)}")
    return Ruling(
        Verdict.UNVERIFIABLE,
        f"of the C functions that package net calls ({', '.join(facts['C functions of net'])}) none"
        " is about DNSSEC. What a resolver on the net checks cannot be tried without one",
    )


@experiment("c3.29", decide_dnssec)
def measure_dnssec(lab: Lab) -> Facts:
    """Read in Go's source which functions of C package net calls."""
    hits = search(lab, r"\bC\.[a-z_]+\(", "net/cgo_unix_cgo.go", "net/cgo_unix_cgo_res.go")
    called = {name for hit in hits for name in re.findall(r"\bC\.([a-z_]+)\(", hit.text)}
    functions = sorted(called - {"int", "size_t", "malloc", "free"})
    return {
        "C functions of net": functions,
        "about DNSSEC among them": [
            name for name in functions if re.search(r"sec|valid|trust|auth", name)
        ],
    }


def decide_pthread(facts: Facts) -> Ruling:
    """c3.33: whether a program with C in it asks for libpthread beside libc."""
    create = facts["thread functions"].get("pthread_create", "")
    return settle(
        any("pthread" in name for name in facts["libraries"]),
        f"it asks for {', '.join(facts['libraries'])}",
        f"it asks for {', '.join(facts['libraries']) or 'none'} only; the thread functions are in"
        f" libc itself since glibc 2.34: pthread_create@{create}",
    )


@experiment("c3.33", decide_pthread)
def measure_pthread(lab: Lab) -> Facts:
    """Read which libraries the program with C asks for, and which versions of their functions."""
    row = build(lab, "netapp", _IN_C)
    symbols = image(lab, "netapp", _IN_C).dynamic_symbols
    threads = {one.name: one.version for one in symbols if one.name.startswith("pthread_")}
    shown = "\n".join(f"UND {name}@{version}" for name, version in threads.items())
    lab.note("readelf --dyn-syms -W netapp | grep pthread_", shown)
    _ldd(lab)
    return {"libraries": list(row.needed), "thread functions": threads}


def _ldd(lab: Lab) -> None:
    """What ldd prints of it, where there is an ldd."""
    found = shutil.which("ldd")
    if found:
        lab.run([found, path(lab, "netapp", _IN_C)], "ldd ./netapp", keep=_without_addresses)


def _without_addresses(text: str) -> str:
    return re.sub(r" \(0x[0-9a-f]+\)", "", text)
