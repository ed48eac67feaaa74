"""A serializer or form that lets clients write every field of the user account.

`fields = "__all__"` on the user model includes `is_staff`, `is_superuser` and `password`: whoever can change their
profile becomes an administrator.  List the fields.  See CWE-915.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

USERS = frozenset({"User", "CustomUser", "AbstractUser", "get_user_model", "UserModel", "AUTH_USER_MODEL"})


def find(cls: cst.ClassDef, unit: Unit) -> Iterator[Hit]:
    """Report a `Meta` with the user model and all fields, where no field is read-only."""
    if cls.name.value != "Meta":
        return
    found: dict[str, cst.BaseExpression] = {}
    for line in cls.body.body if isinstance(cls.body, cst.IndentedBlock) else ():
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.Assign) and isinstance(statement.targets[0].target, cst.Name):
                found[statement.targets[0].target.value] = statement.value
    everything = unit.constant(found.get("fields"))
    if everything is None or everything.value != "__all__" or "read_only_fields" in found:
        return
    if last_word(found.get("model")) in USERS:
        yield Hit(found["fields"], "clients can write `is_staff` and `is_superuser` of an account through this")


CHECK = Check(
    id="CGS058",
    name="every-field-of-user",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(915,),
    aliases=("ruff:DJ007",),
    hints=("__all__",),
    nodes=(cst.ClassDef,),
    find=find,
    fix="List the fields that clients may write.",
    bad=(
        Bad(
            "class UserSerializer(ModelSerializer):\n    class Meta:\n        model = User\n        fields = '__all__'  # finding\n"
        ),
        Bad(
            "class ProfileForm(ModelForm):\n    class Meta:\n        model = get_user_model()\n        fields = '__all__'  # finding\n"
        ),
    ),
    good=(
        Good(
            "class UserSerializer(ModelSerializer):\n    class Meta:\n        model = User\n        fields = ['name', 'email']\n"
        ),
        Good(
            "class RecipeSerializer(ModelSerializer):\n    class Meta:\n        model = Recipe\n        fields = '__all__'\n"
        ),
        Good(
            "class UserSerializer(ModelSerializer):\n    class Meta:\n        model = User\n        fields = '__all__'\n        read_only_fields = ['is_staff', 'is_superuser']\n"
        ),
    ),
    misses=(
        Miss(
            "class MemberSerializer(ModelSerializer):\n    class Meta:\n        model = Member\n        fields = '__all__'  # finding\n",
            why="a user model of another name is not known",
        ),
    ),
)
