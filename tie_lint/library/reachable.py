"""Which parts of the library's source can bear on how a model is built and tied.

The roots are all model and config classes with their constructors, getters and tie hooks. From there it
follows names: a function, class or value that a kept body names is kept, wherever it is defined;
a method is kept when some kept body takes an attribute of its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from tie_lint.library.exports import Exports, absolute
from tie_lint.library.references import References
from tie_lint.library.strip_positions import strip, strip_class
from tie_lint.library.tree import PACKAGE, SourceTree
from tie_lint.python.facts import STATEMENTS, ClassFacts
from tie_lint.python.outline import UnreadableSourceError, decode
from tie_lint.python.source import SourceModule
from tie_lint.python.statements import FunctionFacts

ROOT_MODULES = re.compile(
    rf"{PACKAGE}\.(?:modeling_utils|configuration_utils|modeling_layers|modeling_rope_utils|pytorch_utils"
    r"|activations|backbone_utils|utils\.backbone_utils|generation\.watermarking"
    r"|models\.auto\.(?:auto_factory|configuration_auto|modeling_auto)"
    r"|models(?:\.\w+)*\.(?:modeling_(?!tf_|flax_)|configuration_)\w+)"
)
MODELS = re.compile(rf"{PACKAGE}\.models\..*\.modeling_\w+")
ROOT_METHODS = re.compile(
    r"__(?!repr__|str__|reduce__|getstate__|setstate__|call__)\w+__|post_init|init_weights|_?tie_\w+"
    r"|_?[gs]et_\w*embeddings?|[gs]et_\w*(?:en|de)coder|base_model|_?from_config|get_text_config"
    r"|get_expanded_tied_weights_keys|\w*resized?_\w+|_?(?:un)?freeze_\w+|gradient_checkpointing_\w+"
    r"|(?:en|dis)able_\w+|reset_\w+|(?:de)?parallelize|(?:apply|remove)_weight_norm|loss_function"
)
"""Methods that are kept wherever a class has them: they build, tie or resize, or constructors call them."""
NEVER = re.compile(
    r"forward|generate|save_pretrained|push_to_hub|_init_weights|_?prune_heads"
    r"|load_(?:tf|flax|gguf)_\w+|_load_(?:state_dict|pretrained)\w*"
    r"|prepare_inputs_for_generation|_update_causal_mask"
)
"""Methods and functions that are left out whatever names them."""


@dataclass(slots=True)
class Kept:
    """What is kept of one module: classes with their methods, functions, and the names that count."""

    source: SourceModule
    classes: dict[str, ClassFacts] = field(default_factory=dict)
    functions: dict[str, FunctionFacts] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Reachable:
    """The kept parts of a source tree, by dotted module."""

    def __init__(self, tree: SourceTree, exports: Exports) -> None:
        self.kept: dict[str, Kept] = {}
        self._tree, self._exports = tree, exports
        self._wanted: set[str] = set()
        self._waiting: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._seen: set[tuple[str, str]] = set()
        self._todo: list[tuple[str, References]] = []

    def run(self) -> dict[str, Kept]:
        """Follow everything from the roots and return what was kept."""
        for dotted in self._tree.below(PACKAGE):
            if ROOT_MODULES.fullmatch(dotted) and not self._tree.is_package(dotted):
                self._keep_root(dotted)
        while self._todo:
            self._follow(*self._todo.pop())
        return self.kept

    def module(self, dotted: str) -> Kept | None:
        """Return what is kept of a module so far; at least its names are, once it was asked for."""
        if dotted not in self.kept:
            data = self._tree.read(dotted)
            if data is None:
                return None
            try:
                self.kept[dotted] = Kept(SourceModule(decode(data)))
            except UnreadableSourceError:
                return None
        return self.kept[dotted]

    def _keep_root(self, dotted: str) -> None:
        module = self.module(dotted)
        if module is None:
            return
        for name, bindings in module.source.outline.bindings.items():
            exported = self._exports.find(dotted.rpartition(".")[0], name) == dotted
            if (
                (bindings[0].kind == "class" and not name.endswith("OnnxConfig"))
                or exported
                or name == "__all__"
            ):
                self._need(dotted, name)

    def _follow(self, dotted: str, found: References) -> None:
        for name in found.names:
            self._need(dotted, name)
        for owner, member in found.members:
            for target in self._modules_named(dotted, owner):
                self._need(target, member)
        for alias in found.imports:
            self._need_import(dotted, alias.module, alias.level, alias.attribute)
        for name in found.attributes - self._wanted:
            self._wanted.add(name)
            for where, key, method in self._waiting.pop(name, ()):
                self._keep_method(where, key, method)

    def _need(self, dotted: str, name: str) -> None:
        if (dotted, name) in self._seen:
            return
        self._seen.add((dotted, name))
        module = self.module(dotted)
        if module is None:
            return
        module.names.add(name)
        for binding in module.source.outline.bindings.get(name, ()):
            match binding.kind:
                case "import":
                    self._need_import(dotted, *binding.detail)
                case "class":
                    self._keep_class(dotted, binding.detail)
                case "def":
                    self._keep_function(dotted, binding.detail)
        for bound in module.source.bindings(name):
            found = References().add(bound.guards)
            self._todo.append((dotted, found.add([bound.detail]) if bound.kind in STATEMENTS else found))

    def _need_import(self, importer: str, module: str, level: int, attribute: str | None) -> None:
        target = absolute(importer, self._tree.is_package(importer), module, level)
        if (
            attribute is None
            or not target.startswith(PACKAGE)
            or self._tree.is_module(f"{target}.{attribute}")
        ):
            return
        if self._tree.is_package(target):
            target = self._exports.find(target, attribute) or target
        self._need(target, attribute)

    def _modules_named(self, dotted: str, name: str) -> list[str]:
        """The library modules that a name of a module may stand for."""
        found = []
        for binding in self.kept[dotted].source.outline.bindings.get(name, ()):
            if binding.kind == "import" and binding.detail[2]:
                module, level, attribute = binding.detail
                target = absolute(dotted, self._tree.is_package(dotted), module, level)
                if self._tree.is_module(f"{target}.{attribute}"):
                    found.append(f"{target}.{attribute}")
        return found

    def _keep_class(self, dotted: str, key: str) -> None:
        module = self.kept[dotted]
        if key in module.classes:
            return
        facts = module.source.class_facts(key)
        kept = module.classes[key] = strip_class(facts)
        self._todo.append(
            (dotted, References().add([*kept.bases, *kept.keywords, *kept.decorators, *kept.body]))
        )
        whole = ".configuration_" in dotted
        for method in facts.method_names():
            name = method.partition(".")[0]
            if NEVER.fullmatch(name) or (name == "from_pretrained" and not MODELS.fullmatch(dotted)):
                continue  # in a family's own module `from_pretrained` builds, elsewhere it reads files
            if whole or ROOT_METHODS.fullmatch(name) or name in self._wanted:
                self._keep_method(dotted, key, method)
            else:
                self._waiting[name].append((dotted, key, method))

    def _keep_method(self, dotted: str, key: str, method: str) -> None:
        module = self.kept[dotted]
        facts = module.source.class_facts(key).method(method)
        if facts is not None:
            kept = module.classes[key]
            kept.methods[method] = self._strip(dotted, facts)
            kept.skipped -= {method}

    def _keep_function(self, dotted: str, key: str) -> None:
        facts = self.kept[dotted].source.function_facts(key)
        if facts is not None and not NEVER.fullmatch(facts.name):
            self.kept[dotted].functions[key] = self._strip(dotted, facts)

    def _strip(self, dotted: str, facts: FunctionFacts) -> FunctionFacts:
        """Return the function without positions; what it refers to is to be followed."""
        kept = strip(facts)
        self._todo.append((dotted, References().add([kept])))
        return kept
