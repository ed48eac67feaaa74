"""ty's rules as codeguard runs them: those with a row, and why the others have none.

Read from ty 0.0.107.  The weights follow what each rule does on labelled code and on well-kept packages with the
third-party packages not installed: `D` is for what is wrong nearly always, `S` for what sound code that carries no
complete annotations does too, `A` for what only a fully annotated project can use.  A code with a dot is the part of
a rule that `engines.ty_context` tells apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from codeguard.knowledge.foreign.rows import by_id, read
from codeguard.model import Category, Rule

CORRECTNESS = """
# Names and members that are not there.
unresolved-reference            unresolved-name                 H/H D -    There is no such name: a NameError when this runs
unresolved-reference.fragment   unresolved-name-in-fragment     L/L S -    The fragment does not define this name
possibly-unresolved-reference   possibly-unresolved-name        L/L A 457  On some path the name is not defined
unresolved-global               unresolved-global-name          L/M S -    The module never defines this global
missing-attribute               missing-attribute               M/L S -    The object has no such attribute
missing-attribute.module        missing-module-attribute        H/H D -    The standard library's module has no such member
missing-attribute.local         missing-local-module-attribute  H/M D -    The project's module has no such member
missing-attribute.library       missing-library-attribute       H/M D -    The installed library has no such member
missing-attribute.builtin       missing-builtin-attribute       H/H D -    The builtin type has no such attribute
missing-attribute.object        missing-object-attribute        H/M D -    The object has no such attribute
missing-attribute.class         missing-class-attribute         M/M D -    The class has no such attribute
missing-attribute.self          missing-self-attribute          L/L S -    The class has no such attribute; a subclass may
missing-attribute.private       missing-private-attribute       L/L A -    The member is private: it is not documented to exist
missing-attribute.assigned      undeclared-attribute-assigned   L/L A -    The attribute is set from outside and declared nowhere
missing-attribute.dynamic       missing-dynamic-attribute       L/L A -    The module makes members while it runs
missing-union-attribute         missing-attribute-of-some       L/L S 476  The value may be of a type without this attribute
missing-module-member           missing-import-name             H/H D -    The standard library's module has no such name to import
missing-module-member.local     missing-local-import-name       H/M D -    The project's module has no such name to import
missing-module-member.library   missing-library-import-name     H/M D -    The installed library has no such name to import
missing-module-member.package   missing-package-import-name     L/L S -    The package has no such name, or not among what was scanned
missing-module-member.private   missing-private-import-name     L/L A -    The name is private: it is not documented to exist
missing-module-member.dynamic   missing-dynamic-import-name     L/L A -    The module makes names while it runs
possibly-missing-submodule      submodule-not-imported          L/L S -    The submodule is there only if something else imports it
undefined-reveal                reveal-type-left                M/H D 489  `reveal_type` was left in: a NameError when this runs

# Calls.
missing-argument                missing-call-argument           H/H D 628  The call lacks an argument: TypeError
missing-argument.unnamed        missing-unnamed-argument        L/L A 628  The call lacks an argument of a type without a name
too-many-positional-arguments   too-many-call-arguments         H/H D 628  The call passes too many arguments: TypeError
too-many-positional-arguments.unnamed too-many-unnamed-arguments L/L A 628 More arguments than the type, as it is inferred, takes
unknown-argument                unknown-call-argument           H/H D 628  Nothing takes this keyword argument: TypeError
unknown-argument.unnamed        unknown-unnamed-argument        L/L A 628  The type, as it is inferred, does not take this keyword
parameter-already-assigned      argument-passed-twice           H/H D 628  One parameter gets two arguments: TypeError
parameter-already-assigned.unnamed argument-perhaps-passed-twice L/L A 628 One parameter gets two arguments, as the type is inferred
positional-only-parameter-as-kwarg positional-argument-by-name  H/H D 628  The parameter cannot be passed by name: TypeError
no-matching-overload            no-matching-signature           L/L S 628  No signature of the function takes these arguments
no-matching-overload.keyword    unknown-overload-argument       H/H D 628  No signature of the function takes this keyword: TypeError
no-matching-overload.arity      too-few-overload-arguments      H/H D 628  Every signature of the function needs an argument: TypeError
not-callable                    not-callable                    L/L S -    The value cannot be called
not-callable.module             module-called                   H/H D -    A module is called: TypeError
invalid-super-argument          invalid-super-argument          M/M S -    `super()` gets something that is no such class
unavailable-implicit-super-arguments super-outside-method       H/M D -    `super()` without arguments works only in a method
abstract-class-instantiation    abstract-class-instantiated     H/M D -    An abstract class is instantiated: TypeError
abstract-method-call            abstract-method-called          M/M D -    The method that is called has no body of its own

# What a function gives back, and waiting for it.
# Our own check (CGC011) tells where a function ends without a value; this one, of the whole function, only that it may.
invalid-implicit-return         falls-off-the-end               M/M S 394  Not every path returns what the function promises
invalid-implicit-return-in-function-with-stub-body empty-body-returns-none L/L A - The body is empty, but something is promised
invalid-explicit-return         wrong-return-type               L/L A -    What is returned is not what the function promises
unused-awaitable                coroutine-not-awaited           H/H D -    The coroutine is never awaited: nothing happens
invalid-await                   awaits-no-awaitable             M/M D -    What is awaited cannot be awaited: TypeError

# Values.
index-out-of-bounds             tuple-index-out-of-bounds       H/H D 129  The index is out of the bounds: IndexError
index-out-of-bounds.empty       index-in-empty-default          L/L S 125  What is indexed is empty, as it is first set
zero-stepsize-in-slice          zero-step-in-slice              H/H D -    A slice with step 0 is a ValueError
not-subscriptable               not-subscriptable               L/L S -    The value cannot be indexed
not-iterable                    not-iterable                    L/L S -    The value cannot be iterated over
unsupported-operator            unsupported-operator            L/L S -    The operands do not support this operator
unsupported-bool-conversion     unsupported-bool-conversion     L/M S -    The value has no truth
invalid-context-manager         no-context-manager              M/M S -    The value cannot be used with `with`
invalid-context-manager.coroutine coroutine-as-context-manager  H/H D -    A coroutine is used with `with`: it was never awaited
invalid-argument-type           wrong-argument-type             L/L A -    The argument's type is not the parameter's
invalid-assignment              wrong-value-type                L/L A -    The value's type is not the variable's
redundant-condition             condition-never-changes         L/L S 570,571 The condition always has the same outcome
truthiness-test-of-callable     function-tested-for-truth       M/M S 571  A function is always true: it was meant to be called
invalid-match-pattern           invalid-match-pattern           M/M S -    The pattern cannot match as it is meant
invalid-raise                   raises-no-exception             H/M D -    What is raised is no exception: TypeError
invalid-exception-caught        catches-no-exception            H/M D -    What is caught is no exception: TypeError when it counts
isinstance-against-protocol     isinstance-of-protocol          H/M D -    The protocol cannot be checked while the program runs
isinstance-against-typed-dict   isinstance-of-typed-dict        H/H D -    A TypedDict cannot be checked while the program runs
invalid-typed-dict-key          unknown-typed-dict-key          M/L S -    The TypedDict has no such key
missing-typed-dict-key          missing-typed-dict-key          M/L S -    The TypedDict lacks a required key

# Definitions that Python refuses, or that do not do what they say.
duplicate-base                  duplicate-base                  H/H D -    A class has one base twice: TypeError
inconsistent-mro                inconsistent-bases              H/M D -    The bases have no consistent order: TypeError
conflicting-metaclass           conflicting-metaclass           H/M D -    The bases' metaclasses conflict: TypeError
instance-layout-conflict        conflicting-layout              M/M S -    The bases cannot be combined: TypeError
invalid-base                    invalid-base                    M/L S -    The base is no class
cyclic-class-definition         cyclic-class                    M/M S -    The class is its own ancestor
invalid-dataclass-field-order   dataclass-field-order           H/H D -    A field without default follows one with: TypeError
invalid-legacy-type-variable    invalid-type-variable           M/M D -    The type variable cannot be made so
invalid-named-tuple             invalid-named-tuple             M/M D -    The NamedTuple cannot be defined so
super-call-in-named-tuple-method super-in-named-tuple           H/M D -    `super()` does not work in a NamedTuple's method
invalid-total-ordering          total-ordering-of-nothing       H/M D -    `total_ordering` has no method to start from: ValueError
override-of-final-method        final-method-overridden         M/M S -    A method that is final is overridden
subclass-of-final-class         final-class-subclassed          M/M S -    A class that is final is subclassed
invalid-type-form               no-type-in-annotation           L/M S -    The annotation names something that is no type
invalid-syntax.newer            syntax-newer-than-target        M/H D -    The project's Python does not have this syntax yet
"""

STANDARDS = """
deprecated                      deprecated-use                  L/H S 477  What is used here is deprecated
"""

LEFT_OUT: Mapping[str, str] = {
    "the package oracle judges imports, and an absent package is no flaw": (
        "import-not-found possibly-missing-import missing-direct-dependency"
    ),
    "about comments for type checkers, which codeguard does not heed": (
        "blanket-ignore-comment ignore-comment-unknown-rule invalid-ignore-comment renamed-rule-in-ignore-comment "
        "unused-ignore-comment unused-type-ignore-comment"
    ),
    "about how types are written, which changes nothing when the program runs": (
        "abstract-and-final-method abstract-method-in-final-class ambiguous-protocol-member "
        "assert-type-unspellable-subtype call-to-function-with-unknown-signature conflicting-declarations "
        "cyclic-type-alias-definition disjoint-cast disjoint-type-is-narrowing dynamic-function-decorator-return "
        "escape-character-in-forward-annotation experimental-syntax final-on-non-method final-without-value "
        "implicit-string-concatenation-in-annotation inconsistent-overload-decorator "
        "inconsistent-overload-implementation ineffective-final invalid-declaration invalid-enum-member-annotation "
        "invalid-explicit-override invalid-generator-return-type invalid-generic-class invalid-generic-enum "
        "invalid-init-type-variable invalid-legacy-positional-parameter invalid-newtype "
        "invalid-parameter-default invalid-paramspec invalid-protocol invalid-syntax-in-forward-annotation "
        "invalid-type-alias-type invalid-type-arguments invalid-type-checking-constant invalid-type-guard-definition "
        "invalid-type-variable-bound invalid-type-variable-constraints invalid-type-variable-default "
        "invalid-typed-dict-field invalid-typed-dict-header invalid-typed-dict-statement invalid-yield "
        "mismatched-sentinel-name mismatched-type-name misplaced-overload-decorator missing-overload-implementation "
        "missing-override-decorator missing-type-argument non-literal-typed-dict-key override-of-final-variable "
        "raw-string-type-annotation redundant-cast redundant-final-classvar shadowed-type-variable single-overload "
        "static-assert-error suspicious-type-is-narrowing type-assertion-failure unbound-type-variable "
        "unknown-typed-dict-constructor-key unsound-assignment unsound-return unsound-yield useless-overload-body"
    ),
    "sound code without complete annotations does it all the time": (
        "incompatible-attribute-override incompatible-method-override incompatible-mutable-override "
        "incompatible-property-override invalid-attribute-access invalid-named-tuple-override "
        "lost-keyword-for-regular-parameter missing-slot possibly-missing-attribute possibly-missing-implicit-call "
        "redundant-condition-strict subclass-of-dataclass-with-order truthiness-test-of-iterable "
        "truthiness-test-of-none-union unsupported-base unsupported-dynamic-base"
    ),
    "our own checks, Ruff, or the import itself tell it sooner": (
        "division-by-zero duplicate-kw-only invalid-dataclass invalid-dataclass-override "
        "invalid-dataclass-post-init invalid-frozen-dataclass-subclass invalid-metaclass invalid-module-getattr-call "
        "non-callable-init-subclass pydantic-discarded-extra-argument"
    ),
}

TABLES = ((Category.CORRECTNESS, CORRECTNESS), (Category.STANDARDS, STANDARDS))


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule of ty's that codeguard runs, by codeguard's id."""
    return by_id(read("ty", TABLES))
