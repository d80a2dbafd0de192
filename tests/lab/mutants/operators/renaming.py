"""Attributes renamed: the one that holds the backbone, the one that holds the head."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.lab.mutants.head_attributes import backbone_attribute, head_attribute
from tests.lab.mutants.operators import operator
from tests.lab.mutants.source_edits import assigned, edited, find_class

NEW_NAME = "renamed_part"
GETTERS = frozenset(f"{verb}_{end}_embeddings" for verb in ("get", "set") for end in ("input", "output"))


@operator("TIE101", "TIE002", "TIE104", "TIE102", changes_names=True, shows_in=("load", "cross-load"))
def rename_backbone(text: str, class_name: str) -> str | None:
    """The backbone's attribute has another name everywhere in the class.

    The prefix is now wrong for it, and an inherited input getter finds nothing, or something else; the keys
    of a class that holds this one are stale (TIE102).
    """
    return _renamed(text, class_name, backbone_attribute(text, class_name), names_in_strings=True)


@operator("TIE102", "TIE106", "TIE004", "TIE001", changes_names=True, shows_in=("load",))
def rename_head(text: str, class_name: str) -> str | None:
    """The head's attribute has another name wherever the class says ``self.…``, but not in its strings.

    The keys are stale. In 5.x without a getter the default looks for the old name, too: TIE001.
    """
    return _renamed(text, class_name, head_attribute(text, class_name), names_in_strings=False)


@operator("TIE001", "TIE103", "TIE102", changes_names=True, shows_in=("load",))
def rename_head_but_for_getters(text: str, class_name: str) -> str | None:
    """The head's attribute has another name in the class and its keys, but not in getters and setters.

    The keys of a class that holds this one are stale (TIE102).
    """
    head = head_attribute(text, class_name)
    return _renamed(text, class_name, head, names_in_strings=True, except_in=GETTERS)


@operator("TIE001", "TIE102", "TIE106", "TIE401", changes_names=True, shows_in=("load",))
def rename_head_consistently(text: str, class_name: str) -> str | None:
    """The head's attribute has another name everywhere in the class.

    Only who relies on the old name misses it: a default getter (TIE001) or setter (TIE401), or the keys of
    another class.
    """
    return _renamed(text, class_name, head_attribute(text, class_name), names_in_strings=True)


def in_old_names(operator_name: str, text: str, class_name: str, said: str) -> str:
    """What is said of a mutant, with each part called as it was before."""
    if operator_name.startswith("wrap-model"):
        return said.replace(f"{NEW_NAME}.", "")
    attribute = backbone_attribute if operator_name == "rename-backbone" else head_attribute
    old = attribute(text, class_name) if operator_name.startswith("rename-") else None
    return said if old is None else said.replace(NEW_NAME, old)


def _renamed(
    text: str,
    class_name: str,
    name: str | None,
    names_in_strings: bool,
    except_in: frozenset[str] = frozenset(),
) -> str | None:
    cls = find_class(text, class_name)
    if cls is None or name is None:
        return None
    parts = [node for node in cls.body if getattr(node, "name", None) not in except_in]
    edits = list(_uses(parts, name))
    if not edits or _defines(cls, name) or (except_in and len(parts) == len(cls.body)):
        return None
    return edited(text, [*edits, *(_names_in_strings(cls, name) if names_in_strings else [])])


def _uses(parts: list[ast.stmt], name: str) -> Iterator[tuple[ast.expr, str]]:
    for part in parts:
        for node in ast.walk(part):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == name
                and isinstance(node.value, ast.Name)
                and node.value.id == "self"
            ):
                yield node, f"self.{NEW_NAME}"


def _defines(cls: ast.ClassDef, name: str) -> bool:
    return any(getattr(node, "name", None) == name for node in cls.body)


def _names_in_strings(cls: ast.ClassDef, name: str) -> Iterator[tuple[ast.expr, str]]:
    """Strings of class attributes that begin with the name as a module; not the prefix, which has to fit."""
    for statement in cls.body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or "base_model_prefix" in assigned(
            statement
        ):
            continue
        if statement.value is not None:
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    head, dot, rest = node.value.partition(".")
                    if head == name:
                        yield node, repr(f"{NEW_NAME}{dot}{rest}")
