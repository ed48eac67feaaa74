"""Ruff's rules that see wrong code (read from Ruff 0.17.6), one row each; `rows.read` says how to read them.

`D` is for what fails or lies whenever it runs, `S` for what well-kept code does too.
"""

from __future__ import annotations

CORRECTNESS = """
# Text that is formatted.
F501         bad-percent-format              H/H D 628      This `%` format is not valid
F502         percent-needs-mapping           H/H D 628      This `%` format needs a mapping
F503         percent-needs-tuple             H/H D 628      This `%` format needs a tuple
F504         percent-unused-name             M/H D 628      A named value is never formatted
F505         percent-missing-name            H/H D 628      A name in the `%` format has no value
F506         percent-mixed                   H/H D 628      Named and unnamed placeholders are mixed
F507         percent-count                   H/H D 628      There are more placeholders than values, or fewer
F508         percent-star                    H/H D 628      `*` in a `%` format needs a tuple
F509         percent-bad-letter              H/H D 628      There is no such format letter
F521         bad-format                      H/H D 628      This format string is not valid
F522         format-unused-name              M/H D 628      A named value is never formatted
F523         format-unused-value             M/H D 628      A value is never formatted
F524         format-missing-value            H/H D 628      A placeholder has no value
F525         format-mixed-numbers            H/H D 628      Some placeholders are numbered and some are not
PLE1205      log-too-many-values             M/H D 628      The log message has fewer places than values
PLE1206      log-too-few-values              M/H D 628      The log message has more places than values
PLE1300      percent-unknown-letter          H/H D 628      There is no such format letter
PLE1307      percent-wrong-type              H/H D 628      The value has the wrong type for its placeholder
RUF027       missing-f-prefix                M/M D -        Names in braces are printed as they stand: no `f` prefix
RUF073       percent-after-f-string          M/M D -        `%` is applied to an f-string
G101         log-extra-clash                 H/H D -        `extra` overwrites a field of the log record: KeyError
INT001       gettext-f-string                L/H D -        The text is formatted before it is translated
INT002       gettext-format                  L/H D -        The text is formatted before it is translated
INT003       gettext-percent                 L/H D -        The text is formatted before it is translated
W605         bad-escape                      L/H D -        Python warns of this escape and will refuse it

# Names.
F402         import-shadowed-by-loop         L/M S -        A loop variable hides an import
F403         star-import                     L/L S -        Nobody can see which names come in
F404         late-future-import              H/H D -        `__future__` imports must stand first
F405         maybe-from-star-import          L/L A -        The name may come from a star import
F406         nested-star-import              H/H D -        A star import stands inside of a function or class
F407         unknown-future-feature          H/H D -        `__future__` has no such feature
# Array types (`Float[Array, "batch time"]`) keep in strings what is no Python.
F722         bad-quoted-annotation           L/M S -        The quoted annotation is no Python
F811         redefined-while-unused          L/M S -        The first definition is never used
F821         undefined-name                  H/H D -        There is no such name: a NameError when this runs
# One function without any import was cut out of a file that we do not see.
F821-fragment undefined-name-in-fragment     L/L S -        The fragment does not define this name
# Modules that load lazily list names that they make when asked.
F822         undefined-export                M/M S -        `__all__` lists a name that the module does not define
F823         local-before-assignment         H/H D 457      A local variable is read before it is set
PLE0115      global-and-nonlocal             H/H D -        A name cannot be both global and nonlocal
PLE0117      nonlocal-without-binding        H/H D -        No enclosing function has that name
PLE0118      used-before-global              H/H D -        The name is used before it is declared global
PLE0604      all-of-non-strings              H/H D -        `__all__` holds something that is no text
PLE0605      all-of-wrong-type               M/H D -        `__all__` is neither list nor tuple
PLW0128      target-twice                    M/H D -        One assignment sets a name twice
PLW0406      module-imports-itself           L/M S -        The module imports itself
PLW0642      self-overwritten                L/M S -        `self` or `cls` is overwritten
PLW2901      loop-variable-overwritten       L/L A -        The loop's variable is overwritten
PLR1704      parameter-overwritten           L/L S -        A parameter is overwritten as a target
B007         unused-loop-variable            L/L S -        The loop never uses its variable
RUF059       unused-unpacked-name            L/L S 563      An unpacked value is never used
A001         builtin-overwritten             L/L A -        A variable hides a builtin
A002         builtin-as-parameter            I/L A -        A parameter hides a builtin
A004         builtin-import                  L/L A -        An import hides a builtin

# Values and comparisons.
F601         repeated-key                    M/H D -        A key stands twice: the first value is lost
F602         repeated-key-variable           M/H D -        A key stands twice: the first value is lost
F621         too-many-targets                H/H D -        There are too many targets to unpack into
F622         two-starred-targets             H/H D -        Two starred targets stand in one assignment
F631         assert-tuple                    H/H D 571      A tuple is always true: nothing is asserted
F632         is-literal                      H/H D 595,597  `is` compares identity where equality is meant
F633         print-shift                     H/H D -        `print >>` is Python 2
F634         if-tuple                        H/H D 571      A tuple is always true
E721         type-equality                   L/M S -        Types are compared with `==`
B002         plus-plus                       H/H D 480      Python has no `++`: nothing changes
B015         comparison-without-effect       M/H D 1164,482 A comparison is made and its outcome forgotten
B018         expression-without-effect       L/M S 1164     The expression does nothing
B033         repeated-set-item               L/M S -        An item stands twice in a set
B035         constant-comprehension-key      M/H D -        Every turn of the comprehension sets the same key
PLR0124      compared-with-itself            M/M D 570,571  Both sides of the comparison are the same
# That `x` differs from itself is how NaN is found.
PLR0124-nan  nan-by-comparison               L/L S 570,571  Both sides of the comparison are the same
PLR0133      constants-compared              L/M S 570,571  Two constants are compared
PLW0129      assert-on-text                  M/H D 571      A literal text is always true, or always false
PLW0177      nan-comparison                  M/H D 570      Nothing is equal to NaN, not even NaN
RUF016       index-of-wrong-type             H/H D -        A sequence is indexed by something that is no integer
RUF030       print-in-assert                 M/H D -        `print` returns None: the message is lost
RUF034       same-in-both-branches           M/H D -        Both branches give the same value
RUF040       assert-message-type             L/M D -        The assertion's message is no text
RUF060       in-empty-collection             M/H D 570      Nothing is in an empty collection
RUF069       float-equality                  L/L S 1339     Floats are compared for exact equality
SIM220       and-not-itself                  M/M S 570      This is always false
SIM221       or-not-itself                   M/M S 571      This is always true
SIM222       or-true                         L/M S 571      This is always true
SIM223       and-false                       L/M S 570      This is always false
PLE0643      index-out-of-range              H/H D 129      The index is out of range

# Where the program goes.
F701         break-outside-loop              H/H D -        `break` stands outside of a loop
F702         continue-outside-loop           H/H D -        `continue` stands outside of a loop
F704         yield-outside-function          H/H D -        `yield` stands outside of a function
F706         return-outside-function         H/H D -        `return` stands outside of a function
F707         bare-except-not-last            H/H D -        A bare `except` is not the last handler
F901         raise-notimplemented            H/H D -        `NotImplemented` is no exception
PLE0116      continue-in-finally             M/H D 584      `continue` in `finally` loses the exception
PLE0704      raise-outside-except            M/M D -        A bare `raise` stands where nothing was caught
PLE1142      await-outside-async             H/H D -        `await` stands outside of an async function
PLE1700      yield-from-in-async             H/H D -        `yield from` stands in an async function
PLW0133      exception-not-raised            H/H D 390      An exception is made and never raised
PLW0711      except-and                      H/H D -        `except A and B` catches only one of them
PLW0120      useless-loop-else               L/M S -        The loop has an `else` and no `break`
PLR1708      raise-stopiteration             H/H D -        StopIteration in a generator becomes a RuntimeError
B012         jump-in-finally                 M/H D 584      A jump out of `finally` loses the exception
B014         exception-listed-twice          L/H S -        One exception of the tuple covers another
B016         raise-literal                   H/H D -        A literal cannot be raised
B020         loop-overwrites-iterable        L/M S -        The loop overwrites what it iterates over
B022         suppress-nothing                M/H D -        `suppress()` without arguments suppresses nothing
B025         except-twice                    M/H D 561      The second handler of an exception never runs
B029         except-nothing                  M/H D -        `except ()` catches nothing
B030         except-non-exception            H/H D -        The handler names something that is no exception
B901         return-value-in-generator       L/L S -        A generator returns a value that few callers see
B904         raise-without-from              I/M S -        The new exception does not name its cause
BLE001       broad-except                    L/L S 396      Every exception is caught
RET503       missing-return                  M/L S 394      One way through the function returns nothing
SIM107       return-in-finally               M/H D 584      `finally` returns, whatever `try` does
TRY203       useless-except                  I/H S -        The handler only raises again
RUF075       context-manager-without-try     L/L A 460      An exception in the `with` block skips the clean-up

# Classes.
PLE0100      yield-in-init                   H/H D -        `__init__` is a generator
PLE0101      return-in-init                  H/H D -        `__init__` returns a value
PLE0211      method-without-self             M/M D -        The method has no parameter for its instance
PLE0237      attribute-not-in-slots          H/H D -        `__slots__` has no such attribute
PLE0241      repeated-base                   H/H D -        The class inherits twice from one class
PLE0302      special-method-signature        H/M D -        Python calls this method with other arguments
PLE0303      len-of-wrong-type               H/H D -        `__len__` returns no size
PLE0304      bool-of-wrong-type              H/H D -        `__bool__` returns no bool
PLE0305      index-of-wrong-type             H/H D -        `__index__` returns no integer
PLE0307      str-of-wrong-type               H/H D -        `__str__` returns no text
PLE0308      bytes-of-wrong-type             H/H D -        `__bytes__` returns no bytes
PLE0309      hash-of-wrong-type              H/H D -        `__hash__` returns no integer
PLE1519      singledispatch-on-method        M/H D -        `singledispatch` on a method dispatches on `self`
PLE1520      singledispatchmethod-misplaced  M/H D -        `singledispatchmethod` stands on a plain function
PLR0206      property-with-parameters        M/M S -        A property takes no arguments
PLW0131      bare-walrus                     L/H D -        `:=` stands where `=` would do
PLW0211      staticmethod-with-self          L/M S -        A static method names its first parameter `self`
PLW0244      slot-of-base-class              L/M S -        The base class has that slot already
PLW0245      super-not-called                H/H D -        `super` lacks its parentheses
PLW1641      eq-without-hash                 L/L S 581      `__eq__` without `__hash__`: objects cannot be hashed
PLW3201      unknown-special-method          L/L A -        Python gives that special name no meaning
PLC0132      typevar-name                    L/H S -        The type variable is bound to another name
PLC0205      slots-as-text                   L/H S -        `__slots__` is a single text
N804         classmethod-without-cls         L/M S -        A class method does not start with `cls`
N805         method-without-self-first       M/L S -        A method does not start with `self`
B019         cached-method                   L/L S 401      The cache keeps every instance alive
B024         abc-without-abstract            L/L S -        The abstract class has no abstract method
B027         empty-method-in-abc             L/L S -        An empty method of an abstract class is not abstract
PIE794       field-defined-twice             L/M S -        The class sets one name twice
PIE796       enum-value-twice                L/M S -        Two members of the enum have one value
RUF008       mutable-dataclass-default       H/H D -        All instances share one mutable value
RUF009       call-in-dataclass-default       L/L A -        The default is computed once for all instances
RUF012       mutable-class-attribute         L/L A -        All instances share one mutable value
RUF033       post-init-default               M/H D -        The default of `__post_init__` is never used
RUF045       dataclass-field-without-type    L/M S -        Without an annotation this becomes no field
RUF049       dataclass-enum                  H/H D -        An enum cannot be a dataclass
RUF053       generic-twice                   H/H D -        Type parameters and `Generic` exclude each other
RUF066       property-returns-nothing        M/M D 394      The property returns nothing
RUF074       decorator-order                 M/M S -        The decorators stand in the wrong order
RUF077       self-with-default               M/H D -        The parameter for the instance has a default

# Calls and defaults.
B003         environ-replaced                M/H D -        The real environment stays as it was
B004         hasattr-call                    L/H S -        `hasattr(x, "__call__")` is no test for callables
B005         strip-of-a-word                 M/M S -        `strip` takes a set of letters, not a word
PLE1310      strip-of-repeated-letters       M/H D -        `strip` takes a set of letters, not a word
B006         mutable-default                 M/H D -        All calls share one mutable default
B008         call-in-default                 L/L A -        The default is computed once for all calls
B021         f-string-docstring              L/H D -        An f-string is no docstring
B023         late-bound-loop-variable        M/L S -        The function sees the loop's last value
B026         star-after-keyword              L/M S -        Starred arguments after a keyword still come first
B031         groupby-used-twice              M/H D -        A group of `groupby` can be read only once
B032         annotation-for-assignment       M/H D -        `:` stands where `=` was meant
B034         regex-flags-by-position         M/M S -        The flags may land in another parameter
B039         mutable-contextvar-default      M/H D -        All contexts share one mutable default
B905         zip-of-unequal                  I/L A -        `zip` silently drops what is longer
B909         changed-while-iterating         M/M S -        The loop changes what it iterates over
PLE4703      set-changed-while-iterating     H/H D -        The loop changes the set that it iterates over
PLE1132      keyword-twice                   H/H D -        One keyword is given twice
PLE1141      dict-unpacked-in-loop           H/M D -        A dict yields keys, not pairs of key and value
PLE1507      getenv-of-non-text              H/H D -        The name of an environment variable is a text
PLW1501      bad-open-mode                   H/H D -        `open` knows no such mode
PLW1507      environ-copied                  M/H D -        This copy still changes the real environment
PLW1508      getenv-default-type             L/M S -        The default of an environment variable is a text
PLW1509      preexec-fn                      L/M S -        `preexec_fn` can deadlock where there are threads
PLW1510      run-without-check               L/L S 252      Nobody sees whether the program failed
PLW1514      open-without-encoding           L/L S -        The encoding depends on the machine
PLW2101      with-new-lock                   H/H D 662,667  A lock made in the `with` locks nobody out
PGH005       mock-method-not-called          M/H D -        The mock's assertion is named and not called
RUF006       task-not-kept                   M/H D -        The task may be collected before it ends
RUF017       quadratic-sum                   L/H S 407      Summing lists takes quadratic time
RUF018       walrus-in-assert                M/H D -        `python -O` removes this assignment
RUF024       fromkeys-shares-value           H/H D -        All keys share one mutable value
RUF026       default-factory-keyword         H/H D -        `defaultdict` takes this keyword as a key
RUF032       decimal-of-float                M/H D 1339     The float is inexact before it becomes a Decimal
RUF043       raises-match-is-regex           L/L S -        `match` is a regular expression
RUF048       version-to-integers             L/M S -        A version can hold letters
RUF064       decimal-file-mode               H/H D 732      A file mode is an octal number
RUF071       commonprefix-of-paths           M/M S 22       `commonprefix` compares letters, not folders
SIM115       file-not-closed                 L/M D 772,775  The file may stay open
# Where the code closes it later, only an exception can leave it open.
SIM115-closed file-closed-by-hand            L/L S 772,775  An exception leaves the file open
FAST003      path-parameter-unused           M/H D -        The function does not take the route's parameter
LOG004       log-exception-outside           L/M S -        There is no exception to log here
LOG007       log-exception-without-info      L/H S -        `exception` is told not to log the exception
LOG014       exc-info-outside                L/M S -        There is no exception to log here
T100         debugger-left                   M/H D 489      The program stops in a debugger here
DTZ001       naive-datetime                  I/L S -        The time has no zone
DTZ002       naive-today                     I/L S -        The time has no zone
DTZ003       utcnow                          L/M S 477      Deprecated: the time has no zone
DTZ004       utcfromtimestamp                L/M S 477      Deprecated: the time has no zone
DTZ005       naive-now                       I/L S -        The time has no zone
DTZ006       naive-fromtimestamp             I/L S -        The time has no zone
DTZ007       naive-strptime                  I/L S -        The time has no zone
DTZ011       local-today                     I/L A -        Which day it is depends on the machine
DTZ012       local-date-of-timestamp         I/L A -        Which day it was depends on the machine
DTZ901       naive-datetime-limit            I/L A -        The time has no zone

# Versions.  What NumPy removed is right where a project pins the older one: without that pin nobody can tell.
NPY001       numpy-type-alias                H/M S 477      NumPy 1.24 removed this alias
NPY002       numpy-legacy-random             I/H A 477      NumPy's legacy random state is shared by all
NPY003       numpy-deprecated-function       M/M S 477      NumPy 2 removed this function
NPY201       numpy-2-removal                 H/M S 477      NumPy 2 removed this name
YTT101       version-text-slice3             M/H D -        This reads Python 3.10 as 3.1
YTT102       version-text-index2             M/H D -        This reads Python 3.10 as 3.1
YTT103       version-text-compared           M/H D -        As text, 3.10 is less than 3.9
YTT201       version-is-three                L/H S -        This fails with Python 4
YTT203       minor-compared-by-index         M/M D -        The major version is not looked at
YTT204       minor-compared                  M/M D -        The major version is not looked at
YTT301       version-text-index0             L/H S -        This reads Python 10 as 1
YTT302       version-text-compared-major     L/H S -        As text, 10 is less than 3
YTT303       version-text-slice1             L/H S -        This reads Python 10 as 1

# Asynchronous code.
ASYNC100     scope-without-await             M/H D -        A time limit stands around nothing that waits
ASYNC105     trio-call-not-awaited           H/H D -        The call is not awaited
ASYNC109     timeout-parameter               I/L A -        The caller could set the time limit
ASYNC110     sleep-in-loop                   L/M S -        An event would wake it at once
ASYNC119     yield-in-async-with             L/L S -        The clean-up may come late, or never
ASYNC210     blocking-request                M/H D -        This request stops the whole event loop
ASYNC212     blocking-httpx                  M/H D -        This request stops the whole event loop
ASYNC220     blocking-popen                  L/H S -        Starting a program stops the whole event loop
ASYNC221     blocking-run                    M/H D -        Running a program stops the whole event loop
ASYNC222     blocking-wait                   M/H D -        Waiting for a program stops the whole event loop
ASYNC230     blocking-open                   L/M S -        Opening a file stops the whole event loop
ASYNC240     blocking-path                   L/L A -        Asking for a file stops the whole event loop
ASYNC250     blocking-input                  M/H D -        Waiting for a person stops the whole event loop
ASYNC251     blocking-sleep                  M/H D -        `time.sleep` stops the whole event loop
RUF029       async-without-await             L/L S -        Nothing in the async function is awaited
"""
