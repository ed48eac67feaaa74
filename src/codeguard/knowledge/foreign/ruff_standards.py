"""Ruff's rules of style and standards (read from Ruff 0.17.6), one row each; `rows.read` says how to read them.

None is severe, so that none changes an exit status by itself.  `D` holds only what also hints at a mistake.
"""

from __future__ import annotations

STANDARDS = """
# PEP 8: statements and layout.
E101         mixed-indentation               I/H S -        Tabs and spaces are mixed in the indentation
E401         imports-on-one-line             I/H S -        Several imports stand on one line
E402         late-import                     I/M S -        An import does not stand at the top
E501         long-line                       I/H A -        The line is too long
E701         statement-after-colon           I/H S -        A statement stands behind a colon
E702         statements-on-one-line          I/H S -        Several statements stand on one line
E703         useless-semicolon               I/H S -        A semicolon ends a statement
E711         equals-none                     L/H S -        None is compared with `==`
E712         equals-true                     I/M S -        A truth value is compared with `==`
E713         not-before-in                   I/H S -        `not x in y` reads better as `x not in y`
E714         not-before-is                   I/H S -        `not x is y` reads better as `x is not y`
E722         bare-except                     L/H D 396      A bare `except` also catches exits and interrupts
E731         assigned-lambda                 I/H S -        A function is a lambda with a name
E741         ambiguous-variable              I/H S -        `l`, `O` and `I` look like digits
E742         ambiguous-class                 I/H S -        `l`, `O` and `I` look like digits
E743         ambiguous-function              I/H S -        `l`, `O` and `I` look like digits
W191         tab-indentation                 I/H S -        Tabs indent the code
W291         trailing-space                  I/H S -        The line ends in white space
W292         no-final-newline                I/H S -        The file does not end in a newline
W293         space-in-blank-line             I/H S -        A blank line holds white space

# PEP 8: names.
N801         class-name                      I/H S -        The class's name is not in CapWords
N802         function-name                   I/M S -        The function's name is not in lower case
N803         parameter-name                  I/M S -        The parameter's name is not in lower case
N806         variable-name                   I/L S -        The variable's name is not in lower case
N807         dunder-function                 I/H S -        A plain function has a special method's name
N811         constant-renamed                I/H S -        A constant is imported under another kind of name
N812         lowercase-renamed               I/H S -        A name is imported under another kind of name
N813         class-renamed                   I/H S -        A class is imported under another kind of name
N814         class-renamed-constant          I/H S -        A class is imported under a constant's name
N815         mixed-case-attribute            I/M S -        The attribute's name is in mixedCase
N816         mixed-case-global               I/M S -        The global's name is in mixedCase
N817         class-as-acronym                I/M A -        A class is imported as an acronym
N818         exception-name                  I/M S -        The exception's name does not end in Error
N999         module-name                     I/M S -        The module's name is not in lower case

# What nobody needs.
F401         unused-import                   I/H S -        The import is never used
# What a package's own module imports is often meant for others.
F401-init    unlisted-export                 I/L A -        The package imports a name and does not export it
F541         f-string-without-value          I/H S -        The f-string has nothing to fill in
F841         unused-variable                 L/M D 563      The variable is set and never used
F842         unused-annotation               L/H S -        The variable is annotated and never used
PIE790       unneeded-pass                   I/H S -        `pass` does nothing here
ERA001       commented-out-code              I/L A -        A comment holds code
B009         getattr-of-constant             I/H S -        `getattr` with a fixed name is an attribute
B010         setattr-of-constant             I/H S -        `setattr` with a fixed name is an assignment
B011         assert-false                    L/M S 617      `python -O` removes this assertion
B013         exception-in-tuple              I/H S -        The tuple of exceptions holds only one
B017         raises-any-exception            L/M S -        The test passes with any exception
B028         warning-without-stacklevel      I/M A -        The warning names the wrong line
B911         batched-without-strict          I/L A -        The last batch may be short
B912         map-of-unequal                  I/L A -        `map` silently drops what is longer
PGH003       blanket-type-ignore             I/H A -        The comment silences every type error of the line
PGH004       blanket-noqa                    I/H A -        The comment silences every rule on the line
PLW0602      global-not-assigned             I/H S -        `global` without an assignment does nothing
PLW0603      global-statement                I/L A -        A function changes a global
PLW0604      global-at-module-level          I/H S -        `global` at module level does nothing
RUF013       implicit-optional               I/H S -        A default of None lacks its Optional
RUF028       useless-formatter-comment       I/H S -        The formatter does not understand this comment
RUF068       export-listed-twice             I/H S -        `__all__` lists a name twice

# Size and complexity.
C901         complex-function                L/H S 1121     The function has too many paths
PLR0911      many-returns                    I/H S 1121     The function has too many returns
PLR0912      many-branches                   I/H S 1121     The function has too many branches
PLR0913      many-parameters                 I/H S 1064     The function has too many parameters
PLR0915      many-statements                 I/H S 1080     The function has too many statements

# Simpler ways to say it.
SIM101       isinstance-twice                I/H S -        One `isinstance` takes several classes
SIM102       nested-if                       I/H S -        Two nested `if` are one
SIM103       needless-bool                   I/H S -        The condition itself can be returned
SIM105       except-pass-for-suppress        I/H S -        `contextlib.suppress` says it shorter
SIM109       chained-equality                I/H S -        `in` compares with several values
SIM110       loop-for-any                    I/M A -        `any` or `all` says it shorter
SIM113       counted-loop                    I/M S -        `enumerate` counts the turns
SIM114       same-branches                   I/M A -        Two branches do the same
SIM117       nested-with                     I/H S -        Two nested `with` are one
SIM118       in-keys                         I/H S -        A dict is asked for a key without `keys`
SIM201       not-equal                       I/H S -        `not a == b` is `a != b`
SIM202       not-unequal                     I/H S -        `not a != b` is `a == b`
SIM210       true-if-else-false              I/H S -        The condition is the value
SIM211       false-if-else-true              I/H S -        The negated condition is the value
SIM212       twisted-conditional             I/H S -        The two values stand the wrong way round
SIM300       yoda-condition                  I/H S -        The constant stands on the left
SIM401       if-for-get                      I/H S -        `dict.get` says it shorter
SIM910       get-with-none                   I/H S -        None is the default of `get`
SIM911       zip-of-keys-and-values          I/H S -        `items` gives keys and values

# What newer Python writes otherwise; only where the new way works on every supported version.
UP001        metaclass-type                  I/H S -        Python 2: every class has this metaclass
UP003        type-of-literal                 I/H S -        The type of a literal has a name
UP004        inherits-object                 I/H S -        Python 2: every class inherits from `object`
UP005        old-unittest-name               L/H S 477      Python 3.12 removed this name
UP006        old-generic                     I/H S -        Builtin classes are generic themselves
UP007        old-union                       I/H S -        `X | Y` is a union
UP008        super-with-arguments            I/H S -        `super()` needs no arguments
UP010        unneeded-future-import          I/H S -        The feature is always on
UP018        call-for-literal                I/H S -        A literal says it shorter
UP019        typing-text                     I/H S -        `typing.Text` is `str`
UP020        io-open                         I/H S -        `io.open` is `open`
UP021        universal-newlines              I/H S -        `universal_newlines` is now `text`
UP023        celementtree                    L/H S 477      Python 3.9 removed `cElementTree`
UP024        oserror-alias                   I/H S -        An alias of OSError
UP025        unicode-prefix                  I/H S -        Python 2: every text is Unicode
UP026        mock-package                    I/H S -        `unittest.mock` is in the standard library
UP028        yield-in-loop                   I/H S -        `yield from` says it shorter
UP029        builtin-import                  I/H S -        Python 2: the builtin needs no import
UP031        percent-format                  I/M A -        `%` formats read worse than f-strings
UP032        format-call                     I/M A -        An f-string says it shorter
UP034        double-parentheses              I/H S -        One pair of parentheses is enough
UP035        moved-import                    I/M S 477      The name has moved to another module
UP037        quoted-annotation               I/H A -        The annotation needs no quotes
UP039        empty-class-parentheses         I/H S -        The class needs no empty parentheses
UP041        timeout-alias                   I/H S -        An alias of TimeoutError
UP045        old-optional                    I/H S -        `X | None` is an optional
UP050        metaclass-argument              I/H S -        Every class has this metaclass

# Logging.
LOG001       logger-made-directly            L/H S -        The logger is outside of the hierarchy
LOG002       logger-named-by-file            I/H S -        A logger is named after its module
LOG009       logging-warn-constant           I/H S -        `WARN` is an undocumented name
LOG015       root-logger                     I/M A -        The root logger is used
G001         log-of-format                   I/M A -        The text is built whether it is logged or not
G002         log-of-percent                  I/M A -        The text is built whether it is logged or not
G003         log-of-sum                      I/M A -        The text is built whether it is logged or not
G004         log-of-f-string                 I/M A -        The text is built whether it is logged or not
G010         log-warn                        L/H S 477      `warn` is deprecated: `warning` is the name
G201         log-error-with-exc-info         I/H S -        `exception` says it shorter
G202         log-exception-with-exc-info     I/H S -        `exception` logs the exception by itself

# Type annotations.
ANN001       untyped-parameter               I/H A -        A parameter has no type
ANN002       untyped-args                    I/H A -        The positional arguments have no type
ANN003       untyped-kwargs                  I/H A -        The keyword arguments have no type
ANN201       untyped-return                  I/H A -        A public function has no return type
ANN202       untyped-private-return          I/H A -        A private function has no return type
ANN204       untyped-special-return          I/H A -        A special method has no return type
ANN205       untyped-static-return           I/H A -        A static method has no return type
ANN206       untyped-class-return            I/H A -        A class method has no return type

# Docstrings (PEP 257, and sections as Google and NumPy write them).
D100         module-without-docstring        I/H A 1111     The module has no docstring
D101         class-without-docstring         I/H A 1111     The class has no docstring
D102         method-without-docstring        I/H A 1111     The method has no docstring
D103         function-without-docstring      I/H A 1111     The function has no docstring
D104         package-without-docstring       I/H A 1111     The package has no docstring
D106         nested-class-without-docstring  I/H A 1111     The nested class has no docstring
D200         one-line-docstring              I/H A -        A docstring of one line fits on one line
D201         blank-before-docstring          I/H A -        A blank line stands before the docstring
D202         blank-after-docstring           I/H A -        A blank line stands after the docstring
D205         no-blank-after-summary          I/H A -        No blank line stands after the summary
D206         docstring-tabs                  I/H A -        Tabs indent the docstring
D207         docstring-under-indented        I/H A -        The docstring is indented too little
D208         docstring-over-indented         I/H A -        The docstring is indented too much
D209         docstring-closing-quotes        I/H A -        The closing quotes share the last line
D210         docstring-outer-space           I/H A -        White space surrounds the docstring
D214         section-over-indented           I/H A -        A section is indented too much
D215         underline-over-indented         I/H A -        A section's underline is indented too much
D300         docstring-quotes                I/H A -        A docstring has three double quotes
D301         docstring-backslash             I/H A -        A docstring with backslashes is not raw
D402         docstring-repeats-signature     I/H A -        The docstring repeats the signature
D403         docstring-lower-case            I/H A -        The docstring starts in lower case
D405         section-name-case               I/H A -        A section's name starts in lower case
D410         no-blank-after-section          I/H A -        No blank line stands after a section
D411         no-blank-before-section         I/H A -        No blank line stands before a section
D412         blank-in-section                I/H A -        A blank line stands after a section's name
D414         empty-section                   I/H A -        A section is empty
D415         summary-without-stop            I/H A -        The summary does not end in punctuation
D416         section-without-colon           I/H A -        A section's name lacks its colon
D417         undocumented-parameter          I/M A 1111     The docstring leaves a parameter out
D418         overload-docstring              I/H A -        An overload has a docstring of its own
D419         empty-docstring                 I/H S -        The docstring is empty
"""
