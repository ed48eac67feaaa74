"""What widely used libraries and the standard library have: modules, names, members, signatures, by version.

`index.json` says for each top-level import name which file holds its library, which versions were read, from where,
when, and under which licence.  `tools/build_apis.py` writes both; nothing was imported or run to make them.

A library's file is a zlib-compressed text of chunks, each begun by a newline and `@`.  A mask is hexadecimal, and bit
`1 << n` of it means the n-th version read, the oldest first.

* `!loose`: names that the library's code stores on objects of unknown type: any object may have them.
* `!compiled`: extension modules without sources or stubs, of which nothing is known.
* `module MASK OPAQUE STUB STARS`: the versions that have it, those in which it may hide more names, those in which only
  a stub was read, and the modules whose names it takes over (`~`: where those hide names, it does not).
* `module:Class MASK OPAQUE PLAIN BASES`: likewise; PLAIN are the versions whose constructor is as written.

Below stand names: on the first line those of which no more is known, then one a line with its payload, or with
`MASK:payload` fields where versions differ.  Payloads: `=dotted.name` an alias; `C` a class; `F`, `M`, `S`, `K` a
function, instance method, static method, class method, then `!` if it is a coroutine, then `?` or its signatures in
brackets with `|` between overloads, then the class of its result; `P` a property and `V` a variable, then their class
(`~`: that of the owner).  The name `*` lists what a star import of the module does not give.  In a signature `=` marks a default, `/` and `*` are Python's, `+` is `*args`, `^` `**kwargs`.
"""
