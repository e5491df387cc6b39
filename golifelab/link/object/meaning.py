"""What the pieces of an object file are for, in words."""

from __future__ import annotations

_WORDS = {
    "archive": "A Unix archive, as ar(1) knows it: what the compiler writes is ready to be packed.",
    "archive.magic": "The eight characters that every Unix archive starts with.",
    "member": "A file in the archive: 60 bytes of header, then its content.",
    "member.head": "Text in columns of fixed width, padded with spaces.",
    "member.name": "The file's name. __.PKGDEF is for who imports the package, _go_.o for the"
    " linker.",
    "member.date": "Seconds since 1970; always 0, so that the same source gives the same bytes.",
    "member.owner": "The owner's number; always 0, for the same reason.",
    "member.group": "The group's number; always 0.",
    "member.mode": "Permissions, in octal.",
    "member.size": "Bytes of the content, in decimal.",
    "member.end": "A backquote and a line feed end every header.",
    "padding": "Nothing: it brings what follows to an even offset, or a field to its place.",
    "banner": "Who wrote it for whom: the linker refuses objects whose line differs from its own.",
    "note": "A line for the go command: the build id, or that it is package main.",
    "blank": "An empty line.",
    "border": "From here on it is no text: $$B announces export data, ! the object, $$ ends.",
    "foreign": "Code that another compiler made, such as C's; only a C linker reads it.",
    "rest": "Bytes behind the last block that no table refers to.",
    "header": "Where everything else lies. Numbers are little endian, whatever the processor.",
    "header.magic": "A zero byte and the format's version: unchanged from Go 1.20 to 1.27.",
    "header.fingerprint": "A hash of the export data: the linker compares it with what the"
    " importers saw, and refuses a package that was compiled anew behind their back.",
    "header.flags": "Of the object as a whole: built to be shared, from assembly, of std…",
    "header.block": "Where a block of tables begins, counted from this header; it ends where the"
    " next begins.",
    "strings": "The text of all names, once each: records say how long a name is and where.",
    "string": "A name. Nothing ends it: who refers to it knows its length.",
    "string.unused": "Text that no record refers to.",
    "block.autolib": "The packages that the source imports: the linker loads them next.",
    "autolib": "An imported package.",
    "autolib.path": "Its import path: length, then offset of the text.",
    "autolib.fingerprint": "The fingerprint of its export data when this package was compiled.",
    "block.package": "Packages whose symbols are referred to by number.",
    "package": "An import path, and by its place the number that references use for it.",
    "block.file": "The source files that line tables name by number.",
    "file": "A source file, and by its place its number.",
    "block.symdef": "Symbols that are known by their place in this table: other packages refer to"
    " them by package and number, not by name.",
    "block.hashed64def": "Symbols of up to eight bytes that are known by their content: equal ones"
    " of all packages become one.",
    "block.hasheddef": "Symbols that are known by a hash of their content: equal ones of all"
    " packages become one.",
    "block.nonpkgdef": "Symbols that are known by their name and ABI, such as types and instances"
    " of generic functions: several packages may define the same.",
    "block.nonpkgref": "Symbols that are needed by name, and defined in some other package.",
    "symbol": "A piece of the program with a name: 21 bytes that say all but its content.",
    "symbol.name": "Length and offset of the name's text.",
    "symbol.abi": "Which calling convention: 0 is ABI0 (arguments on the stack, for assembly), 1 is"
    " ABIInternal (in registers), 65535 marks a symbol that nobody outside can name.",
    "symbol.kind": "What it is, and with that which section it will be in.",
    "symbol.flags": "Facts for the linker, a bit each.",
    "symbol.flags2": "More facts for the linker; their numbers differ between Go versions.",
    "symbol.size": "Bytes that it takes in memory: more than it has here when the rest is zero.",
    "symbol.alignment": "Its address must be a multiple of this; 0 leaves it to the linker.",
    "block.refflags": "Flags of symbols that other packages define.",
    "refflags": "What this package knows of a symbol of another.",
    "block.hash64": "For each short content symbol its content itself, eight bytes.",
    "block.hash": "For each content symbol the first half of the SHA-256 of its content, its"
    " relocations included.",
    "hash": "What the linker compares: equal ones are one symbol.",
    "block.relocindex": "For each symbol the number of its first relocation; the next entry ends"
    " it.",
    "relocindex": "The number of the symbol's first relocation.",
    "block.auxindex": "For each symbol the number of its first auxiliary symbol.",
    "auxindex": "The number of the symbol's first auxiliary symbol.",
    "block.dataindex": "For each symbol where its bytes begin in the block of data.",
    "dataindex": "Where the symbol's bytes begin, counted from the start of the data.",
    "block.reloc": "The holes in the symbols' bytes, and who belongs in them.",
    "relocation": "A hole: once the linker knows all addresses, it writes one there.",
    "relocation.offset": "Where in the symbol's bytes.",
    "relocation.size": "How many bytes; with 0 there is nothing to fill: it is a note.",
    "relocation.kind": "How the bytes are computed.",
    "relocation.addend": "A number to add to the address.",
    "reference": "A symbol: the number of its package (or of a table of this object), and its place"
    " there.",
    "block.aux": "What comes along with a symbol: its type, facts about a function, DWARF.",
    "auxiliary": "A symbol that belongs to another.",
    "auxiliary.kind": "What it is for.",
    "block.data": "The bytes of the symbols, one behind the other.",
    "data.unused": "Bytes that no symbol claims.",
    "data.code": "Machine code that needs no change.",
    "data.bytes": "Bytes that need no change.",
    "hole": "The linker fills this in.",
    "data.FuncInfo": "Facts about a function, for the linker's table of functions.",
    "function.arguments": "Bytes of arguments and results on the caller's stack.",
    "function.locals": "Bytes of the stack frame, without the return address.",
    "function.id": "Functions that the runtime treats specially have a number.",
    "function.flags": "Facts that the runtime asks for.",
    "function.line": "The line of its func.",
    "function.files": "How many source files its code is from: more than one after inlining.",
    "function.file": "A number in the object's table of files.",
    "function.inlined": "How many calls were replaced by the body of what they called.",
    "function.tree": "The inlined calls: a traceback shows them as if they had been made.",
    "inlined": "A call that is no call any more.",
    "inlined.parent": "The inlined call that this one was in; -1 for the function itself.",
    "inlined.file": "The file in which the call is written.",
    "inlined.line": "The line of the call.",
    "inlined.function": "What was called.",
    "inlined.pc": "An instruction that stands for the call.",
    "table.row": "How much the value changes (zigzag), and for how many bytes of code it holds.",
    "table.end": "A change of nothing ends the table.",
    "block.refname": "Names of other packages' symbols; only for tools, the linker has the"
    " numbers.",
    "refname": "A symbol of another package.",
    "refname.symbol": "The number of its package, and its place there.",
    "refname.name": "Length and offset of the name's text.",
    "export.damaged": "Export data that could not be read.",
    "export.kind": "One letter for the format: u is the compiler's unified IR.",
    "export.version": "Which version of the unified IR: it rises as language and compiler change.",
    "export.flags": "Whether marks for finding the compiler's own mistakes are among the data.",
    "export.last": "How many elements there are up to the end of this section.",
    "export.ends": "Where each element ends, counted from the first.",
    "export.end": "Where the element ends.",
    "export.string": "A name or a path that declarations use.",
    "export.element": "Bits that only the compiler of this version reads back.",
    "export.fingerprint": "A hash of all this: importers note it, the linker compares.",
    "export.String": "Names and paths, once each.",
    "export.Meta": "Where to begin: what is exported, and what the compiler alone may see.",
    "export.PosBase": "Source files, for positions.",
    "export.Pkg": "Packages that declarations mention.",
    "export.Name": "The declared names.",
    "export.Type": "Types.",
    "export.Obj": "Declarations as any importer sees them.",
    "export.ObjExt": "What only the compiler needs of them, such as pragmas.",
    "export.ObjDict": "What generic code needs to know of its type arguments.",
    "export.Body": "Bodies of functions that importers may inline or instantiate.",
}
_DATA = {
    "STEXT": "The code of a function. Its holes are zero until the linker fills them.",
    "SRODATA": "Constant data: strings, types, tables.",
    "SNOPTRDATA": "Initialised variables without pointers.",
    "SDATA": "Initialised variables with pointers.",
    "Funcdata": "What the garbage collector and tracebacks read about a function.",
    "Gotype": "The type of a symbol.",
}
_TABLES = {
    "Pcsp": "For every instruction how far the stack has grown.",
    "Pcfile": "For every instruction the number of its source file.",
    "Pcline": "For every instruction its line.",
    "Pcinline": "For every instruction the number of the inlined call that it is from.",
    "Pcdata": "For every instruction a number that the runtime asks for, such as its stack map.",
}
_RELOCATIONS = {
    "R_CALL": "the distance from the next instruction to the function",
    "R_PCREL": "the distance from the end of the hole to the symbol",
    "R_ADDR": "the symbol's address",
    "R_ADDROFF": "the symbol's offset from the start of its section",
    "R_METHODOFF": "the method's offset in the code, or -1 when the method is not in the program",
    "R_CALLARM64": "the distance in instructions, in the 26 low bits of BL",
    "R_ADDRARM64": "the page's distance in ADRP, the rest of the address in ADD",
    "R_ARM64_PCREL_LDST8": "the page's distance in ADRP, the rest of the address in the access",
    "R_ARM64_TLS_LE": "the offset of the goroutine's slot in thread-local storage",
    "R_CALLIND": "no bytes: a call through a register, for who follows the stack",
    "R_TLS_LE": "the offset of the goroutine's slot in thread-local storage",
    "R_USEIFACE": "no bytes: it tells the linker that the type gets into an interface",
    "R_USETYPE": "no bytes: it tells the linker that the type must stay, for DWARF",
    "R_USEIFACEMETHOD": "no bytes: it tells the linker which interface method is called",
    "R_USENAMEDMETHOD": "no bytes: methods of this name must stay",
    "R_KEEP": "no bytes: what it means must stay",
    "R_INITORDER": "no bytes: which package is initialised first",
    "R_DWTXTADDR_U1": "the function's number in a table of addresses, for DWARF",
    "R_DWARFSECREF": "an offset in a DWARF section",
}


def meaning(kind: str, name: str) -> str:
    """What a piece is for. `name` is its own, which for a hole says how it is filled."""
    words = _WORDS.get(kind)
    if kind in ("hole", "relocation", "relocation.kind"):
        how = relocation_words(name)
        return f"{words} {how}" if how else str(words)
    if words is not None:
        return words
    room, _, what = kind.partition(".")
    if room == "data":
        return _TABLES.get(what) or next(
            (told for begin, told in _DATA.items() if what.startswith(begin)), dwarf_words(what)
        )
    return ""


def relocation_words(name: str) -> str:
    """How a kind of relocation is computed, as a sentence; "" for one without words."""
    kind = name.rpartition(" ")[2]
    if kind.startswith("R_DWTXTADDR"):
        kind = "R_DWTXTADDR_U1"
    if kind.startswith("R_ARM64_PCREL_LDST"):
        kind = "R_ARM64_PCREL_LDST8"  # the others differ in the unit of the access only
    how = _RELOCATIONS.get(kind, "")
    if how and name.startswith("weak "):
        how += "; it does not keep the symbol in the program"
    return f"{how[0].upper()}{how[1:]}." if how else ""


def dwarf_words(kind: str) -> str:
    """What a kind of data without words of its own is."""
    if kind.startswith(("SDWARF", "Dwarf")):
        return "Debugging information, in DWARF's format."
    return "The symbol's bytes."
